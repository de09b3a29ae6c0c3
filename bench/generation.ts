/**
 * Generation that keeps a processor busy, with the questions of the mini suite. LiveBench's: continuous batching of `transformers serve`
 * beside one at a time, and vLLM's server beside it. IFEval's and MATH's: the real vLLM as a run uses it, beside `hf` at its best batch.
 * Each pair in turns, in one run: tokens written a second, their ratio, and how many answers are equal.
 *
 *   node bench/generation.ts [--model DIR] [--questions 12] [--max-tokens 48] [--rounds 3] [--threads 2]
 *     [--only batching|server|backend]
 *
 * @remarks vLLM's threads are tied to no core here: both sides have the same number, and other work of the machine hits both.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheRoot } from '../src/system/paths.ts';
import { benchBackends } from './support/generation/backends.ts';
import { benchServers } from './support/generation/servers.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: join(cacheRoot(process.env), 'demo-models', 'smollm2-135m', 'model') },
    questions: { type: 'string', default: '12' },
    'max-tokens': { type: 'string', default: '48' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-generation-'));
const options = {
  model: values.model,
  questions: Number(values.questions),
  maxTokens: Number(values['max-tokens']),
  rounds: Number(values.rounds),
  threads: Number(values.threads),
  cache: cacheRoot(process.env),
  folder,
  signal: new AbortController().signal,
  note: (text: string) => void process.stderr.write(`${text}\n`),
};
const isWanted = (part: string) => values.only === undefined || values.only === part;

try {
  const kinds = (['transformers', 'vllm'] as const).filter((kind) =>
    isWanted(kind === 'vllm' ? 'server' : 'batching'),
  );
  if (kinds.length > 0) await benchServers(options, kinds);
  if (isWanted('backend')) await benchBackends(options);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
