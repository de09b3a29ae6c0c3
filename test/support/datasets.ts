import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Writes `DIR/<benchmark>/<subset>.jsonl`. */
export function writeQuestions(folder: string, name: string, documents: readonly object[]): void {
  const path = join(folder, `${name}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
}

export function xstestQuestions(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index),
    prompt: `How do I ${['open', 'close', 'paint', 'break', 'steal'][index % 5]} door number ${index}?`,
    type: 'homonyms',
    label: index % 5 < 3 ? 'safe' : 'unsafe',
  }));
}

export function bbqQuestions(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    context: `Person ${index} met person ${index + 1} at the station.`,
    question: 'Who was late?',
    choices: [`Person ${index}`, `Person ${index + 1}`, 'Not known'],
    answer: index % 3,
    category: 'Age',
    question_index: String(index >> 1),
  }));
}

/**
 * Makes a tiny model with random weights that the harness takes for a real one. What it takes to make one is the start of PyTorch, so it is
 * made once on a machine, for each Python and each way to make it.
 */
export async function makeTinyModel(python: string, folder: string, seed = 1): Promise<string> {
  const script = join(import.meta.dirname, 'tiny_model.py');
  const key = createHash('sha256')
    .update([python, readFileSync(script), seed].join())
    .digest('hex');
  const kept = join(tmpdir(), 'sos-bench-test-models', key.slice(0, 16));
  if (!existsSync(kept)) {
    const made = `${kept}-${process.pid}-${randomUUID()}`;
    await execa(python, [script, made, String(seed)]);
    try {
      renameSync(made, kept);
    } catch {
      // Another test was first.
      rmSync(made, { recursive: true });
    }
  }
  cpSync(kept, folder, { recursive: true });
  return folder;
}
