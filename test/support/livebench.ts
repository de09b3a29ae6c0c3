import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { execaSync } from 'execa';
import {
  findLiveBenchPython,
  type LiveBenchEnvironment,
} from '../../src/harness/livebench/checkout/environment.ts';
import { type LiveBenchQuestion, parseQuestion } from '../../src/harness/livebench/question.ts';
import { readLiveBenchQuestions } from '../../src/harness/livebench/read-questions.ts';
import { sourceInFolder } from '../../src/harness/lm-eval/data.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { finishFolder } from '../../src/system/kept/manifest.ts';
import { cacheRoot, packageRoot } from '../../src/system/paths.ts';

/** The machine's own Python: the fake LiveBench needs nothing else. */
export const machinePython = execaSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout.trim();

/** The fake LiveBench, as an environment; in a copy where `folder` is given. */
export function fakeLiveBench(folder?: string): LiveBenchEnvironment {
  const original = join(packageRoot(), 'test', 'support', 'fake-livebench');
  const used = folder === undefined ? original : mkdtempSync(join(folder, 'fake-livebench-'));
  if (folder !== undefined) cpSync(original, used, { recursive: true });
  const checkout = {
    kind: 'checkout',
    folder: used,
    commit: null,
    pinned: false,
    deviation: 'it is a fake',
  } as const;
  return { python: machinePython, nltkData: used, checkout };
}

/**
 * A cache folder whose environment for LiveBench is the machine's own Python, which is all the fake needs; that of the
 * workers is the user's.
 */
export async function cacheWithFakeLiveBench(folder: string): Promise<Record<string, string>> {
  const own = join(folder, 'cache');
  const shared = join(cacheRoot(process.env), 'python');
  mkdirSync(join(own, 'python'), { recursive: true });
  const { python } = await findLiveBenchPython({ cache: own, environment: process.env });
  const environment = dirname(dirname(python));
  for (const name of existsSync(shared) ? readdirSync(shared) : [])
    if (name !== basename(environment)) symlinkSync(join(shared, name), join(own, 'python', name));
  mkdirSync(join(environment, 'nltk_data'), { recursive: true });
  mkdirSync(dirname(python), { recursive: true });
  // A sandbox shows an environment's own folder, and what it was made from.
  execaSync(machinePython, ['-m', 'venv', '--without-pip', '--symlinks', environment]);
  await finishFolder(environment, {});
  return { SOS_BENCH_CACHE: own };
}

/** A question as LiveBench has it; `fields` replace parts of its row. */
export function makeQuestion(id: string, fields: Record<string, unknown> = {}): LiveBenchQuestion {
  const question = parseQuestion({
    question_id: id,
    category: 'reasoning',
    task: 'spatial',
    turns: [`Question ${id}`],
    ground_truth: 'right',
    livebench_release_date: '2024-06-24',
    ...fields,
  });
  if (typeof question === 'string') throw new Error(question);
  return question;
}

export function makeCodeQuestion(id: string): LiveBenchQuestion {
  return makeQuestion(id, {
    category: 'coding',
    task: 'LCB_generation',
    public_test_cases: '[]',
    private_test_cases: '[]',
    original_json: { metadata: '{}' },
  });
}

export function makeInstructionQuestion(id: string): LiveBenchQuestion {
  return makeQuestion(id, {
    category: 'instruction_following',
    task: 'summarize',
    instruction_id_list: ['keywords:existence'],
    kwargs: [{ keywords: [id] }],
  });
}

const FIXTURES = join(packageRoot(), 'test', 'fixtures', 'livebench');
const RELEASE = '2024-07-26';

/** Our questions for every task of the catalogue: those of the mini suite and more, in the catalogue's order. */
export async function ownQuestions(): Promise<LiveBenchQuestion[]> {
  const found: LiveBenchQuestion[] = [];
  for (const benchmark of CATALOGUE.filter(({ harness }) => harness === 'livebench')) {
    for (const task of benchmark.tasks) {
      for (const folder of [join(packageRoot(), 'tasks', 'mini'), join(FIXTURES, 'questions')]) {
        const source = sourceInFolder(folder, benchmark, task, 'own');
        if (source.kind === 'file')
          found.push(...(await readLiveBenchQuestions(benchmark, task, source, RELEASE)));
      }
    }
  }
  return found;
}

/** A right and a wrong answer to each of them, by question id. */
export function ownAnswers(which: 'right' | 'wrong'): Map<string, string[]> {
  return new Map(
    readJsonLines<Record<string, string>>(join(FIXTURES, 'answers.jsonl')).map((line) => [
      line.question_id!,
      [line[which]!],
    ]),
  );
}

/** What SmolLM2-135M-Instruct, served by `transformers serve`, said to the mini suite's; `e2e:livebench --record` keeps it. */
export const MODEL_ANSWERS = join(FIXTURES, 'model-answers.jsonl');

export function modelAnswers(): Map<string, string[]> {
  const lines = readJsonLines<{ question_id: string; choices: { turns: string[] }[] }>(MODEL_ANSWERS);
  return new Map(lines.map(({ question_id, choices }) => [question_id, choices[0]!.turns]));
}

export function readJsonLines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
