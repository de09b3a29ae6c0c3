import { readFile } from 'node:fs/promises';
import type { WorkerItem } from '../../src/harness/lm-eval/messages.ts';
import type { CliItem } from './harness-cli.ts';

export interface Disagreement {
  item: string;
  metric: string;
  ours: number;
  theirs: number;
}

export interface Agreement {
  compared: number;
  missing: string[];
  /** Items whose scores differ although the best two options are further apart than `NEAR_TIE`. */
  disagreements: Disagreement[];
  nearTies: string[];
}

/** In float32, log-probabilities closer than this may change order with the batch they were computed in. */
const NEAR_TIE = 1e-3;

/** Compares a run's journal with what the harness's command line logged for the same documents. */
export async function compareItems(journal: string, theirs: readonly CliItem[]): Promise<Agreement> {
  const ours = new Map<string, WorkerItem>();
  for (const line of (await readFile(journal, 'utf8')).split('\n').filter(Boolean)) {
    const entry = JSON.parse(line);
    if (entry.type !== 'chunk') continue;
    for (const item of entry.items) ours.set(`${entry.chunk.split('#')[0]} ${item.docId}`, item);
  }
  const agreement: Agreement = { compared: 0, missing: [], disagreements: [], nearTies: [] };
  for (const item of theirs) {
    const key = `${item.task} ${item.docId}`;
    const own = ours.get(key);
    if (own === undefined || own.docHash !== item.docHash) {
      agreement.missing.push(key);
      continue;
    }
    agreement.compared++;
    for (const [metric, value] of Object.entries(item.metrics)) {
      const [a, b] = [asNumber(own.scores[metric]), asNumber(value)];
      if (a === b) continue;
      if (own.margin !== undefined && own.margin !== null && Math.abs(own.margin) < NEAR_TIE)
        agreement.nearTies.push(key);
      else agreement.disagreements.push({ item: key, metric, ours: a, theirs: b });
    }
  }
  return agreement;
}

function asNumber(value: unknown): number {
  if (Array.isArray(value)) return value.filter(Boolean).length;
  if (typeof value === 'object' && value !== null && 'passed' in value) return Number(value.passed);
  return Number(value);
}
