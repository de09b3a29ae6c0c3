/** How boards agree: what is held against what, in which views, and when nothing is said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AgreementSchema } from '../../src/agreement/schema.ts';
import { renderAgreement } from '../../src/report/tables/agreement.ts';
import { kendall } from '../../src/stats/correlation/kendall.ts';
import { spearman } from '../../src/stats/correlation/spearman.ts';
import { assertClose } from '../support/assert-close.ts';
import { assertGolden } from '../support/golden.ts';
import { rejectsWith } from '../support/reject.ts';
import { agreeOn, drawScores, drawTruth, makeScoreBoard, modelNames } from '../support/score-boards.ts';

const percent = (value: number) => Math.round(1000 * (0.5 + value / 8)) / 10;
const share = (value: number) => percent(value) / 100;
const truth = drawTruth(30, 4);
const factor = (id: string, own: number, seed: number) =>
  makeScoreBoard(id, drawScores(truth, own, seed, share), { kind: 'factor', file: null, se: 0.02 });
const factors = [factor('wk', 0.4, 1), factor('if', 0.5, 2), factor('safety', 1.5, 3)];
const judge = makeScoreBoard('Arena-Hard v0.1 by a-judge', drawScores(truth, 0.5, 5, share), {
  kind: 'judge',
  file: null,
  se: 0.02,
});
const elo = makeScoreBoard(
  'elo',
  drawScores(truth, 0.3, 6, (value) => 1000 + Math.round(200 * value)),
);
const first = (count: number) =>
  Object.fromEntries(Object.entries(drawScores(truth, 0.5, 7, percent)).slice(0, count));

test('judges and tables are held against the factors of records, and read as the golden file', () => {
  const few = makeScoreBoard('nine', first(9));
  const five = makeScoreBoard('five', first(5));
  const agreement = agreeOn([...factors, judge, elo, few, five], { preset: 'paper' });
  assert.deepEqual(AgreementSchema.parse(agreement), agreement);
  assert.deepEqual(
    agreement.pairs.map(({ tested, reference }) => `${tested}, ${reference}`),
    [judge, elo, few, five].flatMap(({ id }) =>
      ['wk', 'if', 'safety'].map((reference) => `${id}, ${reference}`),
    ),
  );
  const text = renderAgreement(agreement);
  assertGolden('table-agreement.txt', text);
  for (const line of text.split('\n')) assert.ok([...line].length <= 80, line);
});

test('fits 80 columns with a thousand models, long names and scores of any size', () => {
  const names = [1, 2].map((i) => `a-board-with-a-name-that-is-as-long-as-a-name-may-be-${i}-and-longer`);
  const many = drawTruth(1000, 3);
  const boards = names.map((id, i) =>
    makeScoreBoard(
      id,
      drawScores(many, 0.5, 8 + i, (value) => 10 ** 6 * value),
    ),
  );
  for (const line of renderAgreement(agreeOn(boards)).split('\n')) assert.ok([...line].length <= 80, line);
});

describe('what is held against what', () => {
  const table = (id: string, seed: number) => makeScoreBoard(id, drawScores(truth, 0.5, seed, percent));
  const tables = ['a', 'b', 'c'].map((id, i) => table(id, 20 + i));
  const pairsOf = (request: Parameters<typeof agreeOn>[1], boards = tables) =>
    agreeOn(boards, request).pairs.map(({ tested, reference }) => tested + reference);

  test('tables alone: every pair once', () => {
    assert.deepEqual(pairsOf({}), ['ab', 'ac', 'bc']);
  });

  test('a reference that is named: the others against it', () => {
    assert.deepEqual(pairsOf({ references: ['b'] }), ['ab', 'cb']);
  });

  test('boards that are named: these alone', () => {
    assert.deepEqual(pairsOf({ chosen: ['a', 'c'] }), ['ac']);
    assert.deepEqual(pairsOf({ chosen: ['a'], references: ['c'] }), ['ac']);
  });

  test('boards of tables that are named: against the factors still', () => {
    assert.deepEqual(pairsOf({ chosen: ['a'] }, [...factors, ...tables]), ['awk', 'aif', 'asafety']);
    assert.deepEqual(pairsOf({ chosen: ['wk', 'if'] }, [...factors, ...tables]), ['wkif']);
  });

  test('records without judges: their factors against one another', () => {
    assert.equal(agreeOn(factors).pairs.length, 3);
  });

  test('benchmarks of records count where they are named', () => {
    const benchmark = makeScoreBoard('gpqa', first(20), { kind: 'benchmark', file: null });
    const boards = [...factors, benchmark, judge];
    assert.ok(agreeOn(boards).pairs.every(({ tested }) => tested !== 'gpqa'));
    assert.deepEqual(
      agreeOn(boards, { chosen: [judge.id], references: ['gpqa'] }).pairs.map(({ reference }) => reference),
      ['gpqa'],
    );
  });

  test('a board that is not there is named with those that are', async () => {
    await rejectsWith(() => agreeOn(tables, { references: ['d'] }), 'usage', /no board 'd'/);
  });

  test('two boards of one name are refused', async () => {
    await rejectsWith(() => agreeOn([table('a', 1), table('a', 2)]), 'usage', /two boards are called 'a'/);
  });

  test('one board alone has nothing beside it', async () => {
    await rejectsWith(() => agreeOn([table('a', 1)]), 'usage', /no two boards/);
  });
});

describe('views', () => {
  const [reference, tested] = [factors[0]!, judge];
  const { views, adjacent } = agreeOn([reference, tested]).pairs[0]!;
  const values = (board: typeof tested, models: readonly string[]) =>
    models.map((model) => board.scores.get(model)!.score);
  const models = modelNames(30);

  test('all models', () => {
    assert.equal(views[0]!.n, 30);
    assertClose(views[0]!.spearman!.estimate, spearman(values(tested, models), values(reference, models))!);
    assertClose(views[0]!.kendall!.estimate, kendall(values(tested, models), values(reference, models))!);
  });

  test('the top half is of the reference: its range is shorter, that of the tested side is not cut', () => {
    const sorted = [...models].sort(
      (a, b) => reference.scores.get(b)!.score - reference.scores.get(a)!.score,
    );
    const last = reference.scores.get(sorted[14]!)!.score;
    const top = models.filter((model) => reference.scores.get(model)!.score >= last);
    assert.equal(views[1]!.n, top.length);
    assertClose(views[1]!.spearman!.estimate, spearman(values(tested, top), values(reference, top))!);
    assert.ok(views[1]!.spread!.reference.sd < views[0]!.spread!.reference.sd);
    assertClose(views[1]!.spread!.reference.min, last);
  });

  test('neighbours are at most 5 points apart, whether points are fractions or percent', () => {
    const inPercent = (board: typeof tested) => ({
      ...board,
      scores: new Map(
        [...board.scores].map(([model, { score }]) => [model, { score: 100 * score, se: null }]),
      ),
    });
    const again = agreeOn([inPercent(reference), inPercent(tested)]).pairs[0]!.adjacent!;
    assert.equal(again.pairs, adjacent!.pairs);
    assertClose(again.agreement!.estimate, adjacent!.agreement!.estimate);
    const [low, high] = adjacent!.agreement!.ci!;
    assert.ok(low < adjacent!.agreement!.estimate && adjacent!.agreement!.estimate < high);
  });

  test('on another scale than points there are no neighbours', () => {
    assert.equal(agreeOn([elo, tested], { references: ['elo'] }).pairs[0]!.adjacent, null);
  });

  test('noise needs the errors of both sides', () => {
    assert.ok(views[0]!.noise!.ceiling > 0.9);
    assert.equal(agreeOn([elo, tested], { references: ['elo'] }).pairs[0]!.views[0]!.noise, null);
  });

  test('the same seed gives the same document, another pair beside it too', () => {
    const p = (boards: Parameters<typeof agreeOn>[0]) => agreeOn(boards).pairs.at(-1)!.views[0]!.p;
    assert.equal(p([reference, tested]), p([reference, elo, tested]));
    assert.deepEqual(agreeOn([reference, tested]), agreeOn([reference, tested]));
  });
});

describe('models of one family', () => {
  /** Three models of each of ten bases, which differ by little: as much is known as of ten models. */
  const bases = drawTruth(10, 9);
  const names = Object.keys(bases).flatMap((base) => [1, 2, 3].map((i) => `${base}-${i}`));
  const family = (name: string) => name.slice(0, -2);
  const own = Object.fromEntries(names.map((name) => [name, bases[family(name)]!]));
  const x = makeScoreBoard(
    'x',
    drawScores(own, 0.05, 1, (value) => value + 10),
  );
  const other = drawTruth(10, 10);
  const y = makeScoreBoard(
    'y',
    drawScores(
      Object.fromEntries(names.map((name) => [name, other[family(name)]!])),
      0.05,
      2,
      (value) => value + 10,
    ),
  );
  const families = new Map(names.map((name) => [name, family(name)]));
  const width = (request: Parameters<typeof agreeOn>[1]) => {
    const { ci } = agreeOn([x, y], request).pairs[0]!.views[0]!.spearman!;
    return ci![1] - ci![0];
  };

  test('are drawn together: the interval is about as wide as that of ten', () => {
    assert.ok(width({ families }) > 1.4 * width({}), `${width({ families })}, ${width({})}`);
    const view = agreeOn([x, y], { families }).pairs[0]!.views[0]!;
    assert.equal(view.families, 10);
    assert.equal(view.p, null);
  });

  test('fewer than eight families give no interval', () => {
    const two = new Map(names.map((name, i) => [name, i % 2 ? 'llama' : 'mistral']));
    const view = agreeOn([x, y], { families: two }).pairs[0]!.views[0]!;
    assert.equal(view.spearman!.ci, null);
    const text = renderAgreement(agreeOn([x, y], { families: two }));
    assert.match(text, /\(no interval\)[\s\S]*all: 2 families\n/);
  });
});

describe('the figure of BenchBench', () => {
  const tables = [0.3, 0.4, 0.5, 0.6].map((own, i) =>
    makeScoreBoard(`r${i}`, drawScores(truth, own, 30 + i, percent)),
  );
  const noise = makeScoreBoard('noise', drawScores(drawTruth(30, 77), 0, 1, percent));
  const references = tables.map(({ id }) => id);

  test('holds the tested one, and each reference, against the others alone', () => {
    const { aggregate } = agreeOn([...tables, noise], { references });
    assert.equal(aggregate.length, 1);
    const [{ kendall: own, z, n }] = aggregate as [(typeof aggregate)[number]];
    const models = modelNames(30);
    const scores = [...tables, noise].map((board) => models.map((model) => board.scores.get(model)!.score));
    const winRate = (board: number[], value: number) => board.filter((one) => one < value).length / 29;
    const withMeanOf = (board: number, references: number[]) => {
      const means = models.map(
        (_, i) =>
          references.reduce((sum, r) => sum + winRate(scores[r]!, scores[r]![i]!), 0) / references.length,
      );
      return kendall(
        scores[board]!,
        means.map((value) => Number(value.toFixed(9))),
      )!;
    };
    const expected = withMeanOf(4, [0, 1, 2, 3]);
    assertClose(own!.estimate, expected);
    assert.equal(n, 30);
    const rest = [0, 1, 2, 3].map((out) =>
      withMeanOf(
        out,
        [0, 1, 2, 3].filter((r) => r !== out),
      ),
    );
    const mean = rest.reduce((sum, one) => sum + one, 0) / 4;
    const sd = Math.sqrt(rest.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 3);
    assertClose(z!.estimate, (expected - mean) / sd);
    assert.ok(z!.estimate < -3, 'a board of noise is far from the others');
    assert.ok(own!.ci![0] < expected && expected < own!.ci![1]);
  });

  test('of references alone each is tested, and is not among its references', () => {
    const { aggregate } = agreeOn(tables);
    assert.deepEqual(
      aggregate.map(({ tested, references: others }) => [tested, ...others].join()),
      ['r0,r1,r2,r3', 'r1,r0,r2,r3', 'r2,r0,r1,r3', 'r3,r0,r1,r2'],
    );
  });

  test('needs three references', () => {
    assert.deepEqual(agreeOn(tables.slice(0, 3)).aggregate, []);
  });
});

describe('changes over one history', () => {
  const commits = Array.from({ length: 30 }, (_, i) => `c${i}`);
  const steps = drawScores(Object.fromEntries(commits.map((commit) => [commit, 0])), 1, 40);
  const walk = Object.fromEntries(
    commits.map((commit, i) => [commit, commits.slice(0, i + 1).reduce((sum, one) => sum + steps[one]!, 0)]),
  );
  const history = (id: string, scores: Record<string, number>) =>
    makeScoreBoard(id, scores, { kind: 'factor', file: null });
  const wk = history(
    'wk',
    drawScores(walk, 0.2, 41, (value) => 0.5 + value / 100),
  );

  test('a rise of one with the other is found, and counts no pair twice', () => {
    const up = history(
      'judge',
      drawScores(walk, 0.2, 42, (value) => 0.5 + value / 50),
    );
    const { changes, pairs } = agreeOn([wk, { ...up, kind: 'judge' }], { changes: true });
    assert.equal(pairs.length, 0);
    assert.equal(changes[0]!.n, 29);
    assert.ok(changes[0]!.spearman!.ci![0] > 0.5);
    assert.ok(changes[0]!.effective! <= 29);
  });

  test('two series that drift upwards alike, and change by chance, do not agree', () => {
    const drift = (seed: number) =>
      drawScores(Object.fromEntries(commits.map((commit, i) => [commit, i])), 1, seed, (value) => value + 10);
    const boards = [history('wk', drift(50)), { ...history('judge', drift(51)), kind: 'judge' as const }];
    const { changes } = agreeOn(boards, { changes: true });
    const [low, high] = changes[0]!.spearman!.ci!;
    assert.ok(low < 0 && high > 0, `${low} ${high}`);
    assert.ok(agreeOn(boards).pairs[0]!.views[0]!.spearman!.estimate > 0.9, 'their levels do');
  });

  test('nineteen records are too few', async () => {
    const short = Object.fromEntries(Object.entries(walk).slice(0, 19));
    await rejectsWith(
      () => agreeOn([wk, history('judge', short)], { changes: true }),
      'agreement-refused',
      /19 records with both: 20 are needed/,
    );
  });
});

describe('nothing is said', () => {
  const refused = (boards: Parameters<typeof agreeOn>[0], message: RegExp) =>
    rejectsWith(() => agreeOn(boards), 'agreement-refused', message);

  test('of seven models', async () => {
    await refused(
      [makeScoreBoard('a', first(7)), makeScoreBoard('b', first(30))],
      /a and b: 7 models in common: 8 are needed/,
    );
  });

  test('of names that have nothing in common', async () => {
    const other = Object.fromEntries(
      Object.entries(first(20)).map(([model, score]) => [`org/${model}`, score]),
    );
    await refused([makeScoreBoard('a', first(20)), makeScoreBoard('b', other)], /0 models in common/);
  });

  test('of a side that gives all models one score', async () => {
    const flat = Object.fromEntries(modelNames(20).map((model) => [model, 50]));
    await refused(
      [makeScoreBoard('a', flat), makeScoreBoard('b', first(20))],
      /the tested side gives all of 20 models one score/,
    );
    await refused(
      [makeScoreBoard('a', first(20)), makeScoreBoard('b', flat)],
      /the reference gives all of 20 models one score/,
    );
  });

  test('of a pair, where others can be said: in its own cell', () => {
    const boards = [
      makeScoreBoard('a', first(20)),
      makeScoreBoard('b', first(20)),
      makeScoreBoard('c', first(4)),
    ];
    const { pairs } = agreeOn(boards);
    assert.deepEqual(
      pairs.map(({ views }) => views[0]!.refused),
      [null, '4 models in common: 8 are needed', '4 models in common: 8 are needed'],
    );
  });

  test('of many pairs: they are counted, and what can be said is listed', () => {
    const apart = modelNames(6).map((name) => makeScoreBoard(name, { [name]: 1, other: 2 }));
    const boards = [makeScoreBoard('a', first(20)), makeScoreBoard('b', first(20)), ...apart];
    const [text = ''] = renderAgreement(agreeOn(boards)).split("BenchBench's");
    assert.match(text, /Of 27 more pairs nothing is said: --json has each with its reason\./);
    assert.equal(text.split('\n').filter((line) => line.includes('not said')).length, 0);
  });
});
