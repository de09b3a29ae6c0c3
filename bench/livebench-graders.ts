import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findLiveBench } from '../src/harness/livebench/checkout/checkout.ts';
import { liveBenchPython } from '../src/harness/livebench/checkout/environment.ts';
import { scoreAnswers } from '../src/harness/livebench/grade/score.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { findSandbox } from '../src/system/sandbox/find.ts';
import { honestAnswers } from '../test/support/honest-programs.ts';

// How long LiveBench's own scorer takes for right answers to coding questions: `--livebench-dir DIR [--answers 128]
// [--kind bubblewrap|namespaces]`. Prints seconds on the clock; `time` tells the processor's, which a busy machine leaves as it is.

const { values } = parseArgs({
  options: {
    'livebench-dir': { type: 'string' },
    answers: { type: 'string', default: '128' },
    kind: { type: 'string', default: 'namespaces' },
  },
});
const dir = values['livebench-dir'] ?? process.env.SOS_BENCH_LIVEBENCH_DIR;
if (dir === undefined) throw new Error('give a checkout of LiveBench as --livebench-dir');
const common = { cache: cacheRoot(process.env), environment: process.env, note: () => {} };
const checkout = await findLiveBench({ ...common, dir, ref: null, cwd: process.cwd() });
if (checkout.kind !== 'checkout') throw new Error(checkout.reason);
const environment = { ...(await liveBenchPython(common)), checkout };
const sandbox = await findSandbox(environment.python, process.env, [
  values.kind === 'bubblewrap' ? 'bubblewrap' : 'namespaces',
]);
const { questions, answers } = honestAnswers(Number(values.answers));
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-livebench-graders-'));
const began = performance.now();
const outcomes = await scoreAnswers({
  environment,
  sandbox,
  questions,
  answers,
  release: '2024-07-26',
  scratchParent: folder,
  parallel: availableParallelism(),
  timeout: 600_000,
  note: (text) => process.stderr.write(`${text}\n`),
});
const seconds = (performance.now() - began) / 1000;
rmSync(folder, { recursive: true, force: true });
const right = [...outcomes.values()].filter((one) => 'score' in one && one.score === 1).length;
process.stdout.write(
  `${JSON.stringify({
    sandbox: sandbox.kind,
    answers: questions.length,
    right,
    seconds: Number(seconds.toFixed(1)),
  })}\n`,
);
