import { formatCount, plural } from '../count.ts';
import { SosBenchError } from '../error.ts';
import { createRandom } from '../seeded-random.ts';
import { MIN_CORRELATED } from '../stats/correlation/correlation-intervals.ts';
import { drawPermutations, type Permutations } from '../stats/correlation/permutations.ts';
import type { Preset } from '../verdict/policy.ts';
import type { Board } from './board.ts';
import { MIN_REFERENCES, measureAggregate } from './measure-aggregate.ts';
import { MIN_COMMITS, measureChanges } from './measure-changes.ts';
import { measurePair } from './measure-pair.ts';
import { AGREEMENT_SCHEMA_VERSION, type Agreement } from './schema.ts';

const PERMUTATIONS = 10_000;
/** Permutations that are kept for the next pair of as many models: 64 MB. */
const MAX_KEPT = 32 * 2 ** 20;
/** All pairs of so many take half a minute. */
const MAX_BOARDS = 100;
/** Permutations of so many take 400 MB. */
const MAX_MODELS = 20_000;
/** The golden ratio, so that seeds and numbers of models do not meet. */
const MIX = 0x9e3779b1;

export interface AgreementRequest {
  boards: readonly Board[];
  /** Ids of the boards to look at; all but benchmarks of records where left out. */
  chosen: readonly string[] | null;
  /** Ids of those that the others are held against; factors of records where left out, else all. */
  references: readonly string[] | null;
  /** Of models. */
  families: ReadonlyMap<string, string>;
  /** Whether the scores are of consecutive records, not of models. */
  changes: boolean;
  preset: Preset | null;
  seed: number;
  notes: readonly string[];
}

/**
 * How boards agree: each that is no reference with each reference, or all pairs.
 *
 * @throws SosBenchError `usage` for a board that is not there, `agreement-refused` where nothing can be said of any pair.
 */
export function measureAgreement(request: AgreementRequest): Agreement {
  const { families, changes, preset, seed } = request;
  const { boards, pairs: chosenPairs, tested, references } = choosePairs(request);
  const random = createRandom(seed);
  const options = { families, permutationsOf: keepPermutations(seed), random };
  const pairs = changes ? [] : chosenPairs.map(([one, other]) => measurePair(one, other, options));
  const changed = changes ? chosenPairs.map(([one, other]) => measureChanges(one, other)) : [];
  if (changes)
    requireSomething(
      // Between so many records there is one difference fewer.
      changed.map((pair) => ({ ...pair, isFew: pair.n + 1 < MIN_COMMITS })),
      'give more records of this history, with the scores of both',
    );
  else
    requireSomething(
      pairs.map(({ views: [all], ...pair }) => ({
        ...pair,
        ...{ n: all!.n, refused: all!.refused, isFew: all!.n < MIN_CORRELATED },
      })),
      'names count letter by letter: --names FILE says which are one model',
    );
  const aggregate =
    changes || references.length < MIN_REFERENCES
      ? []
      : tested
          .map((board) => measureAggregate(board, references, { families, integer: random.integer }))
          .filter(({ references: others }) => others.length >= MIN_REFERENCES);
  return {
    schemaVersion: AGREEMENT_SCHEMA_VERSION,
    preset,
    seed,
    permutations: PERMUTATIONS,
    boards: boards.map(({ id, kind, file, scores }) => ({
      ...{ id, kind, file },
      models: scores.size,
      errors: [...scores.values()].every(({ se }) => se !== null),
    })),
    pairs,
    aggregate,
    changes: changed,
    unmatched: changes ? [] : findUnmatched(boards),
    notes: [...request.notes],
  };
}

function choosePairs({ boards: all, chosen, references: named }: AgreementRequest) {
  const ids = new Set(all.map(({ id }) => id));
  if (ids.size < all.length) {
    const twice = all.find(({ id }, index) => all.findIndex((other) => other.id === id) !== index)!;
    throw new SosBenchError('usage', `two boards are called '${twice.id}'`, {
      hint: 'rename one of the files',
    });
  }
  for (const id of [...(chosen ?? []), ...(named ?? [])]) {
    if (ids.has(id)) continue;
    // Of a file with several columns each is a board.
    const columns = [...ids].filter((own) => own.startsWith(`${id}:`));
    const known = (columns.length > 0 ? columns : [...ids]).slice(0, 20).join(', ') || 'none';
    throw new SosBenchError('usage', `there is no board '${id}'`, { hint: `there are: ${known}` });
  }
  const isReference = ({ id, kind }: Board) => (named === null ? kind === 'factor' : named.includes(id));
  const isChosen = ({ id, kind }: Board) => (chosen === null ? kind !== 'benchmark' : chosen.includes(id));
  // Whoever names boards alone means the same references as ever, unless these are what was named.
  const isKept = named !== null || all.some((board) => isChosen(board) && !isReference(board));
  const boards = all.filter((board) => isChosen(board) || (isKept && isReference(board)));
  if (boards.length > MAX_BOARDS) {
    throw new SosBenchError('usage', `${boards.length} boards are too many (${MAX_BOARDS} at most)`, {
      hint: 'name those that matter with --board',
    });
  }
  const large = boards.find(({ scores }) => scores.size > MAX_MODELS);
  if (large !== undefined) {
    throw new SosBenchError(
      'usage',
      `'${large.id}' has ${plural(large.scores.size, 'model')}, and ${formatCount(MAX_MODELS)} at most can be put in order`,
      { hint: 'leave out the models that the other boards do not have' },
    );
  }
  const references = boards.filter(isReference);
  const others = boards.filter((board) => !isReference(board));
  // Without a reference, or with nothing beside them, every board is held against every other.
  const isMatrix = references.length === 0 || others.length === 0;
  const pairs: [Board, Board][] = isMatrix
    ? boards.flatMap((board, index) => boards.slice(index + 1).map((other): [Board, Board] => [board, other]))
    : others.flatMap((board) => references.map((reference): [Board, Board] => [board, reference]));
  if (pairs.length === 0) {
    throw new SosBenchError('usage', 'there are no two boards to hold against one another', {
      hint: 'give records that a judge has seen, or score tables with --with',
    });
  }
  return {
    boards,
    pairs,
    ...(isMatrix ? { tested: boards, references: boards } : { tested: others, references }),
  };
}

/** Permutations by the number of models: each is the same whatever was drawn before it. */
function keepPermutations(seed: number): (n: number) => Permutations {
  const kept = new Map<number, Permutations>();
  let size = 0;
  return (n) => {
    const before = kept.get(n);
    if (before !== undefined) return before;
    const drawn = drawPermutations(n, PERMUTATIONS, createRandom((seed + Math.imul(n, MIX)) | 0).integer);
    if (size + drawn.orders.length > MAX_KEPT) {
      kept.clear();
      size = 0;
    }
    kept.set(n, drawn);
    size += drawn.orders.length;
    return drawn;
  };
}

interface Refusable {
  tested: string;
  reference: string;
  n: number;
  refused: string | null;
  /** Whether it is refused for having too few in common. */
  isFew: boolean;
}

/**
 * @param wayToMore what to do where too few are in common.
 * @throws SosBenchError `agreement-refused` with the reason of the pair that came nearest.
 */
function requireSomething(measured: readonly Refusable[], wayToMore: string): void {
  if (measured.some(({ refused }) => refused === null)) return;
  const { tested, reference, refused, isFew } = measured.reduce((best, one) => (one.n > best.n ? one : best));
  const more = measured.length > 1 ? ` (and nothing of ${plural(measured.length - 1, 'other pair')})` : '';
  throw new SosBenchError('agreement-refused', `${tested} and ${reference}: ${refused}${more}`, {
    hint: isFew
      ? wayToMore
      : 'equal scores have no order: look at other boards, with --board and --reference',
  });
}

/** Models that the records alone have, or one file alone. */
function findUnmatched(boards: readonly Board[]): Agreement['unmatched'] {
  const sources = new Map<string, Set<string | null>>();
  for (const { file, scores } of boards) {
    for (const model of scores.keys()) sources.set(model, (sources.get(model) ?? new Set()).add(file));
  }
  if (new Set(boards.map(({ file }) => file)).size < 2) return [];
  const seen = new Set<string>();
  return boards.flatMap(({ file, scores }) =>
    [...scores.keys()].flatMap((model) => {
      if (sources.get(model)!.size > 1 || seen.has(model)) return [];
      seen.add(model);
      return [{ model, file }];
    }),
  );
}
