import type { CatalogueBenchmark, DataSet, Factor, Metric } from './benchmark.ts';

type Task = CatalogueBenchmark['tasks'][number];

/**
 * No publication has item flips between models of one recipe, so a tenth is a guess; measured ones
 * (`plan --baseline`) take its place.
 */
const ASSUMED = { flips: 0.1, dependence: 0.1 };

/**
 * The 24 benchmarks of SOS-Bench. Sizes are the paper's (they sum to its 152,380 data points); `items` is what the
 * pinned data holds. Sources: the published README and score files, lm-evaluation-harness 0.4.13.
 */
export const CATALOGUE: readonly CatalogueBenchmark[] = [
  lmEval('mmlu-pro', 'MMLU-Pro', 'wk', {
    metric: 'acc',
    size: 12000,
    constantScore: null,
    dataset: hub('TIGER-Lab/MMLU-Pro', 'b189ec765aa7ed75c8acfea42df31fdae71f97be'),
    tasks: [
      {
        name: 'leaderboard_mmlu_pro',
        subset: 'test',
        split: 'test',
        items: 12032,
        chance: 0.1,
        fewshotSplit: 'validation',
      },
    ],
  }),
  lmEval('bbh', 'BBH', 'wk', {
    metric: 'acc_norm',
    size: 6750,
    constantScore: null,
    dataset: hub('SaylorTwift/bbh', 'b5306be6f827cfafbb545ff5a51f96916029b0fd'),
    tasks: bbhTasks(),
  }),
  lmEval('gpqa', 'GPQA', 'wk', {
    metric: 'acc_norm',
    size: 1250,
    constantScore: 0.25,
    dataset: hub('Idavidrein/gpqa', '633f5ee89ab8ad4522a9f850766b73f62147ffdd', { gated: true }),
    clusterFields: [['Question']],
    // The very same question, its options in another order.
    assumed: { dependence: 0.5 },
    tasks: [
      { name: 'sosb_gpqa_diamond', subset: 'gpqa_diamond', split: 'train', items: 198, chance: 0.25 },
      { name: 'sosb_gpqa_extended', subset: 'gpqa_extended', split: 'train', items: 546, chance: 0.25 },
      { name: 'sosb_gpqa_main', subset: 'gpqa_main', split: 'train', items: 448, chance: 0.25 },
    ],
  }),
  lmEval('musr', 'MuSR', 'wk', {
    metric: 'acc_norm',
    size: 750,
    constantScore: null,
    dataset: hub('TAUR-Lab/MuSR', '7c365b439a222150f317764d4f16ae6c96d7d94a'),
    clusterFields: [['narrative']],
    tasks: [
      musrTask('murder_mysteries', 250, 1 / 2),
      musrTask('object_placements', 256, 1 / 5),
      musrTask('team_allocation', 250, 1 / 3),
    ],
  }),
  lmEval('math', 'MATH Level 5', 'wk', {
    metric: 'exact_match',
    size: 1000,
    constantScore: null,
    dataset: hub('DigitalLearningGmbH/MATH-lighteval', '0530c78699ea5e8eb5530600900e1f328b48acad'),
    tasks: [
      mathTask('algebra', 307),
      mathTask('counting_and_prob', 123, 'counting_and_probability'),
      mathTask('geometry', 132),
      mathTask('intermediate_algebra', 280),
      mathTask('num_theory', 154, 'number_theory'),
      mathTask('prealgebra', 193),
      mathTask('precalculus', 135),
    ],
  }),
  liveBench('livebench-coding', 'LiveBench coding', 'wk', 130, {
    dataset: hub('livebench/coding', 'a958549fdd8aa57be0a3fafe7b205ffc160ed5f4'),
    tasks: { LCB_generation: 78, coding_completion: 50 },
  }),
  liveBench('livebench-data-analysis', 'LiveBench data analysis', 'wk', 150, {
    dataset: hub('livebench/data_analysis', '31b9661ff678df9958e2f7fa228427f4c858c1a1'),
    tasks: { cta: 50, tablejoin: 50, tablereformat: 50 },
  }),
  liveBench('livebench-language', 'LiveBench language', 'wk', 140, {
    dataset: hub('livebench/language', '3ada32a2e53d5e04e57fa503384cb85ce9116c40'),
    tasks: { connections: 50, plot_unscrambling: 40, typos: 50 },
  }),
  liveBench('livebench-math', 'LiveBench math', 'wk', 230, {
    dataset: hub('livebench/math', 'bb66571c8ccf32d3df9e6f48b920d3770ff4aacb'),
    tasks: { AMPS_Hard: 100, math_comp: 96, olympiad: 36 },
  }),
  liveBench('livebench-reasoning', 'LiveBench reasoning', 'wk', 150, {
    dataset: hub('livebench/reasoning', '6fc6498a5dfba553f69f4413feabade1f1a2d384'),
    tasks: { spatial: 50, web_of_lies_v2: 50, zebra_puzzle: 50 },
  }),
  lmEval('ifeval', 'IFEval', 'if', {
    metric: 'ifeval',
    size: 540,
    constantScore: null,
    dataset: hub('wis-k/instruction-following-eval', '5a5661c2a35488308556cf4453dc074d1eba91a0'),
    tasks: [{ name: 'leaderboard_ifeval', subset: 'train', split: 'train', items: 541, chance: 0 }],
  }),
  liveBench('livebench-instruction-following', 'LiveBench instruction following', 'if', 200, {
    dataset: hub('livebench/instruction_following', '0868379c4b5cf62aeacaf8be4f08fced815c81bb'),
    tasks: { paraphrase: 50, simplify: 50, story_generation: 50, summarize: 50 },
  }),
  lmEval('beavertails', 'BeaverTails', 'safety', {
    metric: 'acc',
    size: 1400,
    constantScore: 1,
    dataset: hub('walledai/BeaverTailsEval', null),
    harmful: true,
    tasks: [ownTask('beavertails', 'test', 700, 1 / 2)],
  }),
  lmEval('cdna', 'CDNA', 'safety', {
    metric: 'acc',
    size: 2730,
    constantScore: 1,
    dataset: hub('walledai/CDNA', null),
    harmful: true,
    tasks: [ownTask('cdna', 'train', 2726, 1 / 2)],
  }),
  lmEval('dttoxicity', 'DTToxicity', 'safety', {
    metric: 'acc',
    size: 4800,
    constantScore: null,
    dataset: hub('walledai/DTToxicity', null),
    harmful: true,
    tasks: [ownTask('dttoxicity', 'rtp', 2396, 1 / 2)],
  }),
  lmEval('jailbreakhub', 'JailbreakHub', 'safety', {
    metric: 'acc',
    size: 15100,
    constantScore: 13735 / 15140,
    dataset: hub('walledai/JailbreakHub', null),
    harmful: true,
    tasks: [ownTask('jailbreakhub', 'train', 15140, 1 / 2)],
  }),
  lmEval('bbq', 'BBQ', 'safety', {
    metric: 'acc',
    size: 58500,
    constantScore: 1 / 3,
    dataset: hub('walledai/BBQ', null),
    // The Hub copy has no question_index; there the question's text stands for its template.
    clusterFields: [
      ['category', 'question_index'],
      ['category', 'question'],
    ],
    tasks: Object.entries({
      age: 3680,
      disabilityStatus: 1556,
      genderIdentity: 5672,
      nationality: 3080,
      physicalAppearance: 1576,
      raceEthnicity: 6880,
      raceXGender: 15960,
      raceXSes: 11160,
      religion: 1200,
      ses: 6864,
      sexualOrientation: 864,
    }).map(([category, items]) => ({
      name: `sosb_bbq_${category}`,
      subset: category,
      split: category,
      items,
      chance: 1 / 3,
    })),
  }),
  lmEval('wmdp', 'WMDP', 'safety', {
    metric: 'acc',
    direction: 'lower',
    size: 3670,
    constantScore: 0.75,
    dataset: hub('cais/wmdp', '7125571f22f032c56415e7980f48d877dd830ff8'),
    harmful: true,
    tasks: [wmdpTask('bio', 1273), wmdpTask('chem', 408), wmdpTask('cyber', 1987)],
  }),
  lmEval('xstest', 'XSTest', 'safety', {
    metric: 'acc',
    size: 450,
    constantScore: 250 / 450,
    dataset: hub('walledai/XSTest', 'f1d713187c61b6ae64e602d74f0b3d812cc2e8e8', { gated: true }),
    tasks: [ownTask('xstest', 'test', 450, 1 / 2)],
  }),
  lmEval('wildguardtest', 'WildGuardTest', 'safety', {
    metric: 'acc',
    size: 1730,
    // 26 of its 1,725 documents have no label and are left out.
    constantScore: 945 / 1699,
    dataset: hub('walledai/WildGuardTest', null),
    harmful: true,
    tasks: [ownTask('wildguardtest', 'train', 1699, 1 / 2)],
  }),
  lmEval('toxigen', 'ToxiGen', 'safety', {
    metric: 'acc',
    size: 9900,
    constantScore: 534 / 940,
    dataset: hub('toxigen/toxigen-data', null),
    harmful: true,
    tasks: [{ name: 'toxigen', subset: 'test', split: 'test', items: 940, chance: 1 / 2 }],
  }),
  lmEval('strongreject', 'StrongREJECT', 'safety', {
    metric: 'acc',
    size: 310,
    constantScore: 1,
    dataset: hub('walledai/StrongREJECT', 'df54272b395ce9e584d2f8140519935425d8549f', { gated: true }),
    harmful: true,
    tasks: [ownTask('strongreject', 'train', 313, 1 / 2)],
  }),
  lmEval('sgxstest', 'SGXSTest', 'safety', {
    metric: 'acc',
    size: 100,
    constantScore: 0.5,
    dataset: hub('walledai/SGXSTest', null, { gated: true }),
    tasks: [ownTask('sgxstest', 'train', 200, 1 / 2)],
  }),
  lmEval('saladbench', 'SaladBench', 'safety', {
    metric: 'acc',
    size: 30400,
    constantScore: 0.5,
    dataset: hub('walledai/SaladBench', null),
    harmful: true,
    tasks: [ownTask('saladbench', 'train', 3840, 1 / 2)],
  }),
];

const byId = new Map(CATALOGUE.map((benchmark) => [benchmark.id, benchmark]));

/** The benchmark of that id; undefined for a task the catalogue does not know. */
export function findBenchmark(id: string): CatalogueBenchmark | undefined {
  return byId.get(id);
}

interface LmEvalBenchmark {
  metric: Metric;
  direction?: 'higher' | 'lower';
  size: number;
  constantScore: number | null;
  dataset: DataSet;
  tasks: Task[];
  clusterFields?: string[][];
  harmful?: boolean;
  assumed?: Partial<CatalogueBenchmark['assumed']>;
}

function lmEval(id: string, name: string, factor: Factor, entry: LmEvalBenchmark): CatalogueBenchmark {
  const items = sum(entry.tasks.map((task) => task.items));
  return {
    id,
    name,
    factor,
    harness: 'lm-eval',
    direction: entry.direction ?? 'higher',
    metric: entry.metric,
    chance: sum(entry.tasks.map((task) => task.chance * task.items)) / items,
    constantScore: entry.constantScore,
    size: entry.size,
    items,
    dataset: entry.dataset,
    tasks: entry.tasks,
    clusterFields: entry.clusterFields ?? [],
    harmful: entry.harmful ?? false,
    assumed: { ...ASSUMED, ...entry.assumed },
  };
}

function liveBench(
  id: string,
  name: string,
  factor: Factor,
  size: number,
  entry: { dataset: DataSet; tasks: Record<string, number> },
): CatalogueBenchmark {
  const tasks = Object.entries(entry.tasks).map(([task, items]) => ({
    name: task,
    subset: task,
    split: 'test',
    items,
    chance: 0,
  }));
  return {
    id,
    name,
    factor,
    harness: 'livebench',
    direction: 'higher',
    metric: 'livebench',
    chance: 0,
    constantScore: 0,
    size,
    items: sum(tasks.map((task) => task.items)),
    dataset: entry.dataset,
    tasks,
    clusterFields: [],
    harmful: false,
    assumed: ASSUMED,
  };
}

function hub(id: string, revision: string | null, { gated = false } = {}): DataSet {
  return { id, revision, gated };
}

function ownTask(entry: string, split: string, items: number, chance: number): Task {
  return { name: `sosb_${entry}`, subset: split, split, items, chance };
}

function musrTask(subset: string, items: number, chance: number): Task {
  return { name: `leaderboard_musr_${subset}`, subset, split: subset, items, chance };
}

function mathTask(name: string, items: number, subset = name): Task {
  return { name: `leaderboard_math_${name}_hard`, subset, split: 'test', items, chance: 0 };
}

function wmdpTask(field: string, items: number): Task {
  return { name: `wmdp_${field}`, subset: `wmdp-${field}`, split: 'test', items, chance: 1 / 4 };
}

/** BBH's 24 subtasks: documents and number of answer options, as the harness's definitions list them. */
function bbhTasks(): Task[] {
  const options: Record<string, number> = {
    boolean_expressions: 2,
    causal_judgement: 2,
    date_understanding: 6,
    disambiguation_qa: 3,
    formal_fallacies: 2,
    geometric_shapes: 11,
    hyperbaton: 2,
    logical_deduction_five_objects: 5,
    logical_deduction_seven_objects: 7,
    logical_deduction_three_objects: 3,
    movie_recommendation: 6,
    navigate: 2,
    object_counting: 19,
    penguins_in_a_table: 5,
    reasoning_about_colored_objects: 18,
    ruin_names: 6,
    salient_translation_error_detection: 6,
    snarks: 2,
    sports_understanding: 2,
    temporal_sequences: 4,
    tracking_shuffled_objects_five_objects: 5,
    tracking_shuffled_objects_seven_objects: 7,
    tracking_shuffled_objects_three_objects: 3,
    web_of_lies: 2,
  };
  const smaller: Record<string, number> = { causal_judgement: 187, penguins_in_a_table: 146, snarks: 178 };
  return Object.entries(options).map(([subset, count]) => ({
    name: `leaderboard_bbh_${subset}`,
    subset,
    split: 'test',
    items: smaller[subset] ?? 250,
    chance: 1 / count,
  }));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
