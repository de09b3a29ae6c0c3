import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../../src/record/read.ts';
import { runCli } from './cli.ts';
import { writeQuestions, xstestQuestions } from './datasets.ts';

/**
 * A `datasets-dir` with questions of XSTest that a model answers right, whatever it says: their labels are its answers.
 *
 * @returns the `datasets-dir`, in `folder`.
 */
export async function writeAnsweredQuestions(
  model: string,
  folder: string,
  count: number,
  environment: Record<string, string>,
): Promise<string> {
  const data = join(folder, 'data');
  const asked = xstestQuestions(count) as { label: string }[];
  writeQuestions(data, 'xstest/test', asked);
  const output = join(folder, 'first');
  const flags = `--model-args dtype=float32 --device cpu --datasets-dir ${data} --benchmarks xstest`;
  const { exitCode, stderr } = await runCli(
    ['run', '--model', model, ...flags.split(' '), '--output', output],
    { environment },
  );
  assert.equal(exitCode, 0, stderr);
  const { items } = await readRecord(output);
  for (const { docId, score } of items) {
    const question = asked[docId]!;
    if (score === 0) question.label = question.label === 'safe' ? 'unsafe' : 'safe';
  }
  rmSync(data, { recursive: true });
  writeQuestions(data, 'xstest/test', asked);
  return data;
}
