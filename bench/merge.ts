/**
 * Merging eight shards of a full-size run (every item of the catalogue): reading and checking their records and journals,
 * building and writing the whole. To be under 2 s.
 *
 *   node bench/merge.ts
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeJournal } from '../src/evaluate/journal/journal.ts';
import { mergeFolders } from '../src/evaluate/merge.ts';
import { recordPaths } from '../src/record/paths.ts';
import { writeRecord } from '../src/record/write.ts';
import { shardPlan } from '../src/suite/plan/shards.ts';
import { fullPlan } from '../test/support/full-plan.ts';
import { answersOf, recordOf } from '../test/support/results.ts';

const SHARDS = 8;
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-merge-'));
try {
  const plan = fullPlan();
  const answers = answersOf(plan);
  const list = { passed: 1, total: 2 };
  for (const items of answers.values()) {
    for (const item of items) {
      const score = item.scores.acc as number;
      Object.assign(item.scores, {
        acc_norm: score,
        exact_match: score,
        livebench: score,
        prompt_level_strict_acc: score,
        prompt_level_loose_acc: score,
        inst_level_strict_acc: list,
        inst_level_loose_acc: list,
      });
    }
  }
  const folders: string[] = [];
  for (let index = 1; index <= SHARDS; index++) {
    const part = shardPlan(plan, { index, of: SHARDS });
    const own = new Map(part.chunks.map(({ id }) => [id, answers.get(id)!]));
    const { record, items } = recordOf(part, own);
    const path = join(folder, `shard-${index}`);
    mkdirSync(path);
    await writeRecord(path, { ...record, shard: { index, of: SHARDS } }, items);
    writeFileSync(recordPaths(path).plan, JSON.stringify(plan));
    const entries = [...own].map(
      ([chunk, chunkItems]) =>
        ({ type: 'chunk', chunk, seconds: 1, batchSize: '8', items: chunkItems }) as const,
    );
    const identity = { planHash: plan.planHash, modelDigest: 'sha256:m', protocol: {} };
    writeFileSync(
      recordPaths(path).journal,
      encodeJournal({ identity, started: '2026-01-01T10:00:00.000Z', entries }),
    );
    folders.push(path);
  }
  const usage = process.cpuUsage();
  const started = performance.now();
  const { record } = await mergeFolders(folders, join(folder, 'merged'));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(usage);
  process.stdout.write(
    `merging ${SHARDS} shards, ${record.totals.items} items: ${seconds.toFixed(2)} s, of it ` +
      `${((user + system) / 1e6).toFixed(2)} s processor (to be < 2)\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
