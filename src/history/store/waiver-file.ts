import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { AcceptedLossSchema } from '../../verdict/schema.ts';
import type { Changes, Snapshot } from '../backends/store-files.ts';
import { parseJson, ShaSchema } from './entry.ts';
import { WAIVERS_FILE } from './layout.ts';

/** Longest time for which a drop can be accepted: what is accepted for ever belongs into the policy. */
export const MAX_WAIVER_DAYS = 365;

const text = z.string().min(1).max(500);

/**
 * A drop that a person accepted, for a pull request, up to a size and for a time. What is optional is missing in those of before,
 * which count for nothing: they would hold for every change, whatever its size.
 */
export const WaiverSchema = z.object({
  id: text,
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('benchmark'), id: text }),
    z.object({ kind: z.literal('factor'), id: z.enum(FACTORS) }),
  ]),
  reason: text,
  /** Login of who accepted it. */
  by: text,
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** The commit it was accepted for: the head of the pull request. */
  commit: ShaSchema,
  /** Number of the pull request. */
  pull: z.number().int().positive().optional(),
  /** Id of the comment that asked. */
  comment: z.number().int().positive().optional(),
  /** Head of the report that was shown then. */
  head: ShaSchema.optional(),
  /** What was lost in it, and how much of a loss is accepted. */
  accepted: z.array(AcceptedLossSchema).max(1000).optional(),
});
export type Waiver = z.infer<typeof WaiverSchema>;

/** `waivers.json`; those that have expired stay, as a record of who accepted what. */
export const WaiversSchema = z.object({ schemaVersion: z.literal(1), waivers: z.array(WaiverSchema) });

/** @throws SosBenchError `store-invalid`: a broken list is never taken for an empty one. */
export async function readWaivers(files: Snapshot, description: string): Promise<Waiver[]> {
  const content = await files.read(WAIVERS_FILE);
  if (content === null) return [];
  const parsed = WaiversSchema.safeParse(parseJson(content));
  if (parsed.success) return parsed.data.waivers;
  const issue = parsed.error.issues[0];
  throw new SosBenchError(
    'store-invalid',
    `${WAIVERS_FILE} in ${description} cannot be used: ${issue?.path.join('.') || 'the document'}: ${issue?.message}`,
    { hint: "restore it from the branch's history; nothing was changed" },
  );
}

/** The change that makes the list what `edit` makes of it. */
export async function editWaivers(
  files: Snapshot,
  description: string,
  edit: (waivers: Waiver[]) => Waiver[],
): Promise<Changes> {
  const before = await readWaivers(files, description);
  const waivers = edit(before);
  if (JSON.stringify(waivers) === JSON.stringify(before)) return new Map();
  const content = WaiversSchema.parse({ schemaVersion: 1, waivers });
  return new Map([[WAIVERS_FILE, `${JSON.stringify(content, null, 2)}\n`]]);
}
