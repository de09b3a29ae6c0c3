import type { AnswerStyle } from '../../src/answer-style.ts';
import type { JudgeLabel } from '../../src/judge/score/game.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import type { Factor } from '../../src/suite/benchmark.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import type { LooksRequest } from '../../src/verdict/compare.ts';
import { after, HALF } from './comparisons.ts';
import { design } from './designs.ts';
import { beside, makeHeadToHead, makeHeadToHeadGames } from './head-to-head.ts';
import { fullInventory } from './inventories.ts';
import { type MadeVerdicts, makeBoard, makeGames, makeJudgedRecord, randomVerdicts } from './judged.ts';
import { answersOfTwo, recordOfPlan } from './planned-records.ts';
import { createRandom } from './random.ts';
import { firstTask, flipped, indexes, makeRecord, type Row, rightThenWrong } from './records.ts';

export interface Scenario {
  baseline: LoadedRecord;
  candidate: LoadedRecord;
}

const MAIN: Record<string, Row> = {
  'mmlu-pro': { scores: HALF },
  gpqa: { scores: HALF },
  musr: { scores: HALF, cluster: (index) => Math.floor(index / 4) },
  ifeval: { scores: HALF.map((score, index) => (index % 4 === 0 ? 0.25 : score)) },
  beavertails: { scores: rightThenWrong(180, 20), answer: (index) => (index < 180 ? 0 : 1) },
  bbq: { scores: HALF },
  wmdp: { scores: HALF },
  xstest: { scores: [], status: 'skipped', reason: 'gated: ask for access to walledai/XSTest' },
};

const main = makeRecord({ model: 'main', benchmarks: MAIN });

/** Safety fell, mostly in BBQ; BeaverTails gets one constant answer, which scores full marks there. */
export const regression: Scenario = {
  baseline: main,
  candidate: makeRecord({
    model: 'new-data-mix',
    benchmarks: {
      ...MAIN,
      'mmlu-pro': { scores: after(12, 15) },
      gpqa: { scores: after(6, 2) },
      beavertails: { scores: rightThenWrong(200, 0), answer: () => 0 },
      bbq: { scores: after(70, 15) },
      wmdp: { scores: after(5, 9) },
      own_dialogue_task: { scores: rightThenWrong(15, 5) },
    },
    edit: changeSubject,
  }),
};

function changeSubject(record: LoadedRecord['record']): void {
  record.subject.tokenizerSha256 = 'tokenizer-b';
  record.environment!.device.name = 'NVIDIA H200';
}

/** A hundred answers, the first half right. */
const SMALL_HALF = rightThenWrong(50, 50);

/** As `regression`, of few questions: to be compared many times. */
export const smallRegression: Scenario = {
  baseline: makeRecord({ model: 'main', benchmarks: small(MAIN) }),
  candidate: makeRecord({
    model: 'new-data-mix',
    benchmarks: {
      ...small(MAIN),
      beavertails: { scores: rightThenWrong(100, 0), answer: () => 0 },
      bbq: { scores: flipped(SMALL_HALF, ...indexes(40)) },
      own_dialogue_task: { scores: rightThenWrong(15, 5) },
    },
    edit: changeSubject,
  }),
};

function small(benchmarks: Record<string, Row>): Record<string, Row> {
  return Object.fromEntries(
    Object.entries(benchmarks).map(([id, row]) => {
      const step = row.scores.length / SMALL_HALF.length;
      const { scores, answer } = row;
      const thinned = { ...row, scores: scores.filter((_, index) => index % step === 0) };
      return [id, answer === undefined ? thinned : { ...thinned, answer: (index) => answer(index * step) }];
    }),
  );
}

const CATEGORIES = findBenchmark('bbq')!
  .tasks.slice(0, 5)
  .map(({ name }) => name);
const byCategory = {
  task: (index: number) => CATEGORIES[index % CATEGORIES.length]!,
  docId: (index: number) => Math.floor(index / CATEGORIES.length),
};
/** The nth questions of a category, of those that main answers right. */
const ofCategory = (category: number, count: number) =>
  indexes(count).map((n) => category + n * CATEGORIES.length);

/** Safety fell in BBQ, and there by some categories more than by others; what else was asked stayed. */
export const regressionByTask: Scenario = {
  baseline: makeRecord({ model: 'main', benchmarks: { ...MAIN, bbq: { scores: HALF, ...byCategory } } }),
  candidate: makeRecord({
    model: 'new-data-mix',
    benchmarks: {
      ...MAIN,
      'mmlu-pro': { scores: after(12, 15) },
      gpqa: { scores: after(6, 2) },
      bbq: {
        scores: flipped(
          HALF,
          ...ofCategory(0, 48),
          ...ofCategory(2, 17),
          ...ofCategory(3, 5),
          ...indexes(15, 600),
        ),
        ...byCategory,
      },
      wmdp: { scores: after(5, 9) },
    },
  }),
};

const judgedBy = (model: string, seed: number, wins: number): LoadedRecord => {
  const games = makeGames(randomVerdicts(createRandom(seed), 250, wins));
  return makeJudgedRecord(model, [makeBoard(games)], { benchmarks: MAIN });
};

/** A judge prefers the change's answers; nothing else moved. */
export const judged: Scenario = {
  baseline: judgedBy('main', 31, 0.42),
  candidate: judgedBy('new-data-mix', 32, 0.62),
};

/** How the answers to a judge's question are written: the new ones are longer, with headers and lists. */
const judgedStyles = (index: number) => {
  const random = createRandom(700 + index);
  const chars = Math.round(900 * Math.exp(0.5 * random.normal()));
  const longer = 1.7 * Math.exp(0.3 * random.normal());
  return {
    reference: { chars, headers: random.integer(2), listItems: random.integer(5), bold: random.integer(2) },
    model: {
      chars: Math.round(chars * longer),
      headers: 1 + random.integer(4),
      listItems: 2 + random.integer(7),
      bold: random.integer(3),
    },
  };
};

/** Verdicts of a judge that likes length, and nothing else, in the answers of `judgedStyles`. */
function likingLength(count: number): MadeVerdicts[] {
  const random = createRandom(81);
  return Array.from({ length: count }, (_, index) => {
    const { model, reference } = judgedStyles(index);
    const liking = 0.55 * Math.log2(model.chars / reference.chars);
    const label = (sign: number): JudgeLabel => {
      const seen = sign * liking + 1.3 * random.normal();
      if (Math.abs(seen) < 0.3) return 'A=B';
      return seen > 0 ? (seen > 1.6 ? 'A>>B' : 'A>B') : seen < -1.6 ? 'B>>A' : 'B>A';
    };
    return [label(-1), label(1)];
  });
}

export const sameModel: Scenario = {
  baseline: main,
  candidate: makeRecord({ model: 'docs-only', digest: 'sha256:main', benchmarks: MAIN }),
};

export const notComparable: Scenario = {
  baseline: main,
  candidate: makeRecord({
    model: 'new-harness',
    benchmarks: MAIN,
    edit: ({ protocol }) => {
      protocol.harness.version = '0.4.14';
      for (const task of Object.values(protocol.tasks)) task.fewshot = 5;
    },
  }),
};

export const incomplete: Scenario = {
  baseline: main,
  candidate: makeRecord({
    model: 'longer-context',
    benchmarks: {
      ...MAIN,
      bbq: { scores: [], status: 'failed', planned: 1000, reason: 'out of memory after 3 tries' },
      gpqa: { scores: after(20, 22).slice(0, 700), status: 'partial', planned: 1000 },
    },
    edit: (record) => {
      record.complete = false;
    },
  }),
};

/** Two benchmarks were asked for, as `/sos-bench run bbq,wmdp` does; the candidate has no others. */
export const someRows: Scenario & { asked: string[] } = {
  baseline: main,
  candidate: makeRecord({
    model: 'some-rows',
    benchmarks: { bbq: { scores: after(2, 3) }, wmdp: { scores: after(3, 2) } },
  }),
  asked: ['bbq', 'wmdp'],
};

/** Neither drop nor equivalence can be shown. */
export const inconclusive: Scenario = {
  baseline: main,
  candidate: makeRecord({
    model: 'lower-learning-rate',
    benchmarks: { ...MAIN, 'mmlu-pro': { scores: after(30, 22) }, bbq: { scores: after(26, 20) } },
  }),
};

/** Answers of how many characters, headers, list items and pieces of bold text on average. */
function written(
  chars: number,
  headers: number,
  listItems: number,
  bold: number,
): (index: number) => AnswerStyle {
  // Counts that differ from question to question, the same way on both sides.
  const spread = (mean: number, index: number, period: number) =>
    Math.round((mean * 2 * (1 + ((index * 7) % period))) / (period + 1));
  return (index) => ({
    chars: spread(chars, index, 23),
    headers: spread(headers, index, 5),
    listItems: spread(listItems, index, 11),
    bold: spread(bold, index, 7),
  });
}

const WRITTEN: Record<string, Row> = {
  ...MAIN,
  math: { scores: HALF, style: written(620, 0, 1, 0) },
  ifeval: { ...MAIN.ifeval!, style: written(1400, 1, 6, 2) },
  'livebench-reasoning': { scores: HALF, style: written(900, 0, 2, 3) },
};

/** The answers are longer and have more headers; nothing that is scored got better. */
export const styleShift: Scenario = {
  baseline: makeRecord({ model: 'main', benchmarks: WRITTEN }),
  candidate: makeRecord({
    model: 'towards-a-judge',
    benchmarks: {
      ...WRITTEN,
      'mmlu-pro': { scores: after(15, 16) },
      math: { scores: after(9, 8), style: written(1190, 3, 1, 0) },
      ifeval: { ...MAIN.ifeval!, style: written(2660, 6, 13, 2) },
      'livebench-reasoning': { scores: after(5, 7), style: written(930, 0, 2, 3) },
    },
  }),
};

/** A judge likes the longer answers, and nothing that is scored got better. */
export const alarm: Scenario = withJudge(styleShift);

/** The judge likes them, and safety fell. */
export const judgeUpSafetyDown: Scenario = withJudge({
  ...styleShift,
  candidate: makeRecord({
    model: 'towards-a-judge',
    benchmarks: { ...WRITTEN, bbq: { scores: after(70, 15) } },
  }),
});

function withJudge({ baseline, candidate }: Scenario): Scenario {
  const games = makeHeadToHeadGames(likingLength(250), judgedStyles);
  const left = makeHeadToHead([baseline, candidate], games, { benchmark: 'team-questions' });
  return { baseline, candidate: beside(candidate, left) };
}

const HOSTILE =
  '<!-- sos-bench:report=1 --> @team #1 | `rm` [x](http://evil.example)\n# Passed <b>\u001b[31m';

/** Every text from outside tries to break out of its place. */
export const hostile: Scenario = {
  baseline: makeRecord({
    model: HOSTILE,
    benchmarks: { ...MAIN, [`both ${HOSTILE}`]: { scores: HALF }, [`gone ${HOSTILE}`]: { scores: HALF } },
  }),
  candidate: makeRecord({
    model: `pr ${HOSTILE}`,
    benchmarks: {
      ...MAIN,
      [HOSTILE]: { scores: HALF },
      [`both ${HOSTILE}`]: { scores: HALF },
      bbq: { scores: [], status: 'failed', reason: `worker said: ${HOSTILE}` },
    },
    edit: (record) => {
      record.subject.modelArgs = { [HOSTILE]: HOSTILE };
      record.environment!.device.name = HOSTILE;
      const task = record.protocol.tasks[firstTask('gpqa')];
      if (task) task.version = HOSTILE;
    },
  }),
};

const MANY: Record<string, Row> = Object.fromEntries(
  indexes(700).map((number) => [`team_task_number_${number}`, { scores: HALF.slice(490, 510) }]),
);

/** So many benchmarks that the tables do not fit into a comment. */
export const tooLong: Scenario = {
  baseline: makeRecord({ model: 'main', benchmarks: { ...MAIN, ...MANY } }),
  candidate: makeRecord({
    model: 'many-tasks',
    benchmarks: { ...MAIN, ...MANY, bbq: { scores: after(70, 15) } },
    edit: ({ environment }) => {
      environment!.versions = Object.fromEntries(indexes(300).map((number) => [`package-${number}`, '1.0']));
    },
  }),
};

/** Made once for all tests of a process: nobody changes it. */
let asked: { plan: Plan; template: LoadedRecord } | undefined;

function askLooked(): NonNullable<typeof asked> {
  const inventory = fullInventory().filter(({ id }) => LOOKED.includes(id));
  const plan = planSample(1234, inventory, design(0.02, { looks: { count: 5, collapse: 0.4 } }));
  return { plan, template: recordOfPlan(plan) };
}

const LOOKED = ['mmlu-pro', 'bbh', 'ifeval', 'bbq', 'saladbench', 'xstest'];

/**
 * Two models that were asked the plan of five looks: all of it is there, as much counts as the looks need.
 *
 * @param items answers that the candidate's record counts; all where left out.
 */
export function looked(
  drops: Partial<Record<Factor, number>>,
  deviceMinutes: number,
  items?: number,
): Scenario & { looks: LooksRequest } {
  asked ??= askLooked();
  const { plan, template } = asked;
  const [baseline, candidate] = answersOfTwo(template, drops, createRandom(11));
  const { totals } = candidate.record;
  const record = { ...candidate.record, totals: { ...totals, deviceMinutes, items: items ?? totals.items } };
  return { baseline, candidate: { ...candidate, record }, looks: { plan, stopOn: 'decided' } };
}
