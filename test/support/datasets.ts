import { mkdirSync, writeFileSync } from 'node:fs';
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

/** Makes a tiny model with random weights that the harness takes for a real one. */
export async function makeTinyModel(python: string, folder: string, seed = 1): Promise<string> {
  const script = join(import.meta.dirname, 'tiny_model.py');
  await execa(python, [script, folder, String(seed)]);
  return folder;
}
