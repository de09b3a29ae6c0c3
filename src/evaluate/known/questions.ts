import { FACTORS } from '../../suite/benchmark.ts';
import { CATALOGUE } from '../../suite/catalogue.ts';
import type { SampleDesign } from '../../suite/plan/sample.ts';
import { VERSION } from '../../version.ts';
import type { JournalMade } from '../journal/entry.ts';
import type { EvaluationRequest } from '../request.ts';

/** Settings that choose questions where no stored plan does. */
const CHOOSING = ['suite', 'seed', 'benchmarks', 'design'] as const;

/** What a journal says of which questions were asked, so that a later run can tell whether its own are the same. */
export function madeBy(request: EvaluationRequest): JournalMade {
  const { suite, seed, benchmarks, design, stages, maxGenToks, datasetsDir, includePaths, livebench } =
    request;
  return {
    program: VERSION,
    questions: {
      suite,
      seed: String(seed),
      benchmarks: [...benchmarks].sort().join(),
      design: describeDesign(design),
      // A judge's questions are none of these.
      stages: stages
        .filter((stage) => stage !== 'judge')
        .sort()
        .join(),
      'max-gen-toks': String(maxGenToks),
      'datasets-dir': String(datasetsDir),
      'include-path': includePaths.join(),
      livebench: JSON.stringify([livebench.dir, livebench.ref, livebench.release]),
    },
  };
}

/**
 * What two runs were asked in different ways; empty where their questions are the same.
 *
 * @param isPlanned whether both follow one plan, which says what settings would.
 */
export function otherQuestions(known: JournalMade, wanted: JournalMade, isPlanned: boolean): string[] {
  const left: readonly string[] = isPlanned ? CHOOSING : [];
  const names = new Set([...Object.keys(known.questions), ...Object.keys(wanted.questions)]);
  return [...names].filter(
    (name) => !left.includes(name) && known.questions[name] !== wanted.questions[name],
  );
}

function describeDesign(design: SampleDesign | null): string {
  if (design === null) return 'none';
  const { detect, test, spreads, pace, limit, looks = null } = design;
  const effects = [
    ...FACTORS.map((id) => test.minimumEffect(id, 'factor')),
    ...CATALOGUE.map(({ id }) => test.minimumEffect(id, 'benchmark')),
  ];
  const pacing = pace && [pace.load, [...pace.perCost], pace.perItem];
  return JSON.stringify([
    detect,
    test.alpha,
    test.power,
    test.untested,
    effects,
    [...spreads],
    pacing,
    limit,
    looks,
  ]);
}
