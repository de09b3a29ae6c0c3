import { existsSync } from 'node:fs';
import { z } from 'zod';
import { parseIfJson } from '../../json.ts';
import { recordPaths } from '../../record/paths.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { Pace } from '../../suite/cost/pace.ts';
import { readTextLines } from '../../system/files/line-file.ts';
import { readPlan } from './read-plan.ts';

/** Of a journal's lines, what tells how long things took. */
const TimedSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    seconds: z.number().min(0),
    hello: z.object({ device: z.object({ count: z.number().int().min(1) }) }),
    taken: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('chunk'),
    chunk: z.string(),
    seconds: z.number().min(0),
    reused: z.unknown().optional(),
  }),
]);

/**
 * How fast the machine was that left a record: seconds of all devices that a worker held, per cost of each benchmark's chunks, from its plan and journal;
 * where they are gone, device minutes by item. Null where the record does not say either.
 */
export async function measurePace(folder: string, record: RunRecord): Promise<Pace | null> {
  const paths = recordPaths(folder);
  const measured =
    existsSync(paths.plan) && existsSync(paths.journal) ? await fromJournal(paths.plan, paths.journal) : null;
  if (measured !== null) return measured;
  const { items, deviceMinutes } = record.totals;
  if (deviceMinutes === null || !(deviceMinutes > 0) || items === 0) return null;
  return { load: 0, perCost: new Map(), perItem: (deviceMinutes * 60) / items };
}

async function fromJournal(planPath: string, journalPath: string): Promise<Pace | null> {
  const { chunks } = await readPlan(planPath);
  const known = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const totals = new Map<string | null, { seconds: number; cost: number }>();
  const loads: number[] = [];
  let devices = 1;
  for await (const { text } of readTextLines(journalPath)) {
    const entry = parseLine(text);
    // Another run's work took this one no time.
    if ((entry?.type === 'hello' && entry.taken) || (entry?.type === 'chunk' && entry.reused !== undefined))
      continue;
    if (entry?.type === 'hello') {
      devices = entry.hello.device.count;
      loads.push(entry.seconds * devices);
    }
    const chunk = entry?.type === 'chunk' ? known.get(entry.chunk) : undefined;
    if (entry?.type !== 'chunk' || chunk === undefined) continue;
    for (const id of [chunk.benchmark, null]) {
      const total = totals.get(id) ?? { seconds: 0, cost: 0 };
      totals.set(id, { seconds: total.seconds + entry.seconds * devices, cost: total.cost + chunk.cost });
    }
  }
  const perCost = new Map(
    [...totals].flatMap(([id, { seconds, cost }]) =>
      seconds > 0 && cost > 0 ? [[id, seconds / cost] as const] : [],
    ),
  );
  if (perCost.size === 0) return null;
  const load = loads.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, loads.length);
  return { load, perCost, perItem: null };
}

/** A line cut short by a crash, or of another kind, tells no time. */
function parseLine(line: string): z.infer<typeof TimedSchema> | null {
  return TimedSchema.safeParse(parseIfJson(line)).data ?? null;
}
