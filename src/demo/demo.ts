import { join, resolve } from 'node:path';
import { evaluate } from '../evaluate/evaluate.ts';
import type { EvaluationContext, EvaluationRequest } from '../evaluate/request.ts';
import { readRecord } from '../record/read.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { renderComment } from '../report/comment.ts';
import { makeFolder, writeFileAtomic } from '../system/files.ts';
import { cacheRoot } from '../system/paths.ts';
import { resolvePython } from '../system/python/resolve.ts';
import { compare } from '../verdict/compare.ts';
import type { Verdict } from '../verdict/schema.ts';
import { prepareDemoModels } from './models.ts';

export interface DemoOutcome {
  /** The damaged model against main. */
  verdict: Verdict;
  /** Main against a second run of itself. */
  control: Verdict;
  /** What the demonstration should have shown and did not. */
  shortcomings: string[];
}

/**
 * The main job from end to end on this machine: scores a small model as "main", a damaged copy of it as "the
 * pull request", and main once more as the control; compares; leaves records, `verdict.json`, `comment.md`.
 */
export async function runDemo(
  settings: { output: string; python: string },
  context: EvaluationContext,
): Promise<DemoOutcome> {
  const folder = resolve(context.cwd, settings.output);
  const { environment, progress, signal } = context;
  const note = (text: string) => progress.note(text);
  await makeFolder(folder);
  const cache = cacheRoot(environment);
  const python = await resolvePython(settings.python, { cache, environment, note, signal });
  const models = await prepareDemoModels({ python, cache, environment, note, signal });

  const score = async (step: string, name: string, model: string): Promise<LoadedRecord> => {
    note(`\n${step}`);
    const output = join(folder, name);
    await evaluate(demoRequest({ model, output, python: settings.python, name }), context);
    return await readRecord(output);
  };
  const main = await score('1/3 main: SmolLM2-135M-Instruct on the mini suite', 'main', models.main);
  const pr = await score('2/3 the pull request: a damaged copy of it', 'pr', models.damaged);
  const again = await score('3/3 control: main once more', 'main-again', models.main);

  const verdict = compare(main, pr);
  const control = compare(main, again);
  const reproduce = 'sos-bench compare --baseline main --candidate pr';
  await writeFileAtomic(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFileAtomic(
    join(folder, 'comment.md'),
    renderComment(verdict, { now: context.now(), reproduce }),
  );
  return { verdict, control, shortcomings: findShortcomings(verdict, control) };
}

function demoRequest(run: {
  model: string;
  output: string;
  python: string;
  name: string;
}): EvaluationRequest {
  return {
    model: run.model,
    modelName: run.name === 'pr' ? 'SmolLM2-135M-Instruct, damaged' : 'SmolLM2-135M-Instruct',
    backend: 'hf',
    modelArgs: { dtype: 'float32' },
    suite: 'mini',
    plan: null,
    design: null,
    benchmarks: [],
    datasetsDir: null,
    includePaths: [],
    output: run.output,
    python: run.python,
    batchSize: '16',
    device: null,
    devices: { kind: 'auto' },
    tensorParallel: null,
    launcher: [],
    shard: null,
    applyChatTemplate: false,
    enableThinking: null,
    maxGenToks: null,
    systemInstruction: null,
    seed: 1234,
    stallTimeout: 1800,
    fresh: false,
    trustRemoteCode: false,
    allowPickle: false,
  };
}

function findShortcomings(verdict: Verdict, control: Verdict): string[] {
  const found: string[] = [];
  if (!verdict.factors.some(({ outcome }) => outcome === 'regressed')) {
    found.push('the damaged model did not regress in any factor');
  }
  if (verdict.passed) found.push('the damaged model passed');
  if (!control.passed) found.push(`main against itself did not pass: ${control.verdict}`);
  return found;
}
