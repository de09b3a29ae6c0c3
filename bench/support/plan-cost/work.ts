/**
 * Units in which the cost of looks is told, fixed here so that a figure of today and one of next year are of one kind: what a question takes
 * does not follow the plan's own costs.
 */

/** What one question of a benchmark takes. */
interface Question {
  /** Characters of its prompt with the examples, and how often it is read: once, or once for each option. */
  length: number;
  readings: number;
  /** Most tokens of its answer; none for options. */
  written?: number;
  /** Tokens that are different from those of other questions, each read once by the engine that shares (docs/cost.md). */
  different: number;
}

const QUESTIONS: Readonly<Record<string, Question>> = {
  'mmlu-pro': { length: 5000, readings: 1, different: 195 },
  bbh: { length: 1960, readings: 5.5, different: 171 },
  gpqa: { length: 1000, readings: 4, different: 258 },
  musr: { length: 3800, readings: 3, different: 921 },
  math: { length: 3040, readings: 1, written: 1024, different: 760 },
  ifeval: { length: 190, readings: 1, written: 1280, different: 47 },
  beavertails: { length: 160, readings: 1, different: 26 },
  cdna: { length: 160, readings: 1, different: 26 },
  dttoxicity: { length: 220, readings: 1, different: 41 },
  jailbreakhub: { length: 1760, readings: 1, different: 426 },
  bbq: { length: 456, readings: 3, different: 92 },
  wmdp: { length: 480, readings: 1, different: 106 },
  xstest: { length: 170, readings: 1, different: 28 },
  wildguardtest: { length: 600, readings: 2, different: 140 },
  toxigen: { length: 200, readings: 1, different: 36 },
  strongreject: { length: 240, readings: 1, different: 46 },
  sgxstest: { length: 170, readings: 1, different: 28 },
  saladbench: { length: 800, readings: 1, different: 186 },
};
const LIVEBENCH: Question = { length: 3000, readings: 1, written: 4096, different: 750 };

const CHARACTERS_PER_TOKEN = 4;
/** A token that is written counts as so many that are read; answers have a quarter of the length that they may have. */
const WRITING_FACTOR = 12;
const WRITTEN_SHARE = 0.25;

function questionOf(benchmark: string): Question {
  const found = benchmark.startsWith('livebench-') ? LIVEBENCH : QUESTIONS[benchmark];
  if (found === undefined) throw new Error(`what a question of ${benchmark} takes is not known`);
  return found;
}

function writing({ written = 0 }: Question): number {
  return written * WRITTEN_SHARE * CHARACTERS_PER_TOKEN * WRITING_FACTOR;
}

/** Characters that one question takes in the harness's way: `cost.work` of a plan as commit d3c8bdd computes it. */
export function workOf(benchmark: string): number {
  const question = questionOf(benchmark);
  return question.length * question.readings + writing(question);
}

/** The same where every token that questions share is read once: as the engine of today reads. Writing counts as before. */
export function sharedWorkOf(benchmark: string): number {
  const question = questionOf(benchmark);
  return question.different * CHARACTERS_PER_TOKEN + writing(question);
}
