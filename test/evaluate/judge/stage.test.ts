/**
 * The judge stage of a run: a model's server that was given answers, a judge compares with main's answers. Both servers are fakes; asking,
 * keeping, going on and what is left are real.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { estimateJudge } from '../../../src/evaluate/judge/estimate.ts';
import { answersKey, type ContestDocument } from '../../../src/evaluate/judge/head-to-head.ts';
import { lacksJudged } from '../../../src/evaluate/judge/lacks-judged.ts';
import { describeReadyJudge, prepareJudge } from '../../../src/evaluate/judge/prepare.ts';
import type { ReferenceGames } from '../../../src/evaluate/judge/reference.ts';
import { type JudgeStage, runJudgeStage } from '../../../src/evaluate/judge/stage.ts';
import type { EvaluationContext, EvaluationRequest, JudgeRequest } from '../../../src/evaluate/request.ts';
import type { JudgeResult } from '../../../src/judge/score/judge-result.ts';
import { answersFile, KeptAnswers, readKeptAnswers } from '../../../src/judge/texts/answers-dir.ts';
import { readHeadToHead } from '../../../src/record/head-to-head.ts';
import type { LoadedRecord } from '../../../src/record/schema.ts';
import { takeLock } from '../../../src/system/files/lock.ts';
import { packageRoot } from '../../../src/system/paths.ts';
import { createProgress } from '../../../src/system/progress.ts';
import {
  type Asked,
  type FakeChatServer,
  type Reaction,
  startFakeChatServer,
} from '../../support/fake-chat-server.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { makeJudgeRequest } from '../../support/judge-request.ts';
import { makeIdentity, makeRecord } from '../../support/records.ts';
import { rejectsWith } from '../../support/reject.ts';

const COUNT = 20;
const KEY = 'judge-key-0123456789';
const folder = temporaryFolder();
const questions = join(folder, 'ours.jsonl');
const numbers = Array.from({ length: COUNT }, (_, n) => n);
writeFileSync(
  questions,
  numbers.map((n) => `${JSON.stringify({ id: `q${n}`, question: `What is ${n} + ${n}?` })}\n`).join(''),
);
const questionsAlone = join(folder, 'few.jsonl');
writeFileSync(questionsAlone, '{"id": "q0", "answer": "one"}\n');
const VERDICT: Reaction = {
  says: '{"reason": "it is right", "verdict": "A>B"}',
  usage: { prompt_tokens: 400, completion_tokens: 60 },
};

/** What the fakes do in one test. */
let answers: (asked: Asked) => Reaction;
let judges: (asked: Asked) => Reaction;
let model: FakeChatServer;
let judge: FakeChatServer;
before(async () => {
  model = await startFakeChatServer((asked) => answers(asked), { models: ['the-model'] });
  judge = await startFakeChatServer((asked) => judges(asked), { key: KEY });
});
after(() => {
  model.close();
  judge.close();
});
const isQuestion = ({ prompt }: Asked) => prompt.startsWith('What is');
const asked = () => ({ model: model.asked.filter(isQuestion).length, judge: judge.asked.length });

const main = makeRecord({ model: 'main', benchmarks: {} });
let runs = 0;

interface Given {
  settings?: Partial<JudgeRequest>;
  request?: Partial<EvaluationRequest>;
  judgeKey?: string | null;
  baseline?: LoadedRecord | null;
  identity?: JudgeStage['model']['identity'];
  /** Main's answers; to all questions where left out. */
  mainAnswers?: readonly number[];
  root?: string;
  signal?: AbortSignal;
  server?: string;
}

function makeStage(given: Given) {
  const root = given.root ?? join(folder, `answers-${++runs}`);
  const output = join(folder, `record-${++runs}`);
  mkdirSync(output, { recursive: true });
  const notes: string[] = [];
  const settings = makeJudgeRequest({
    ...{ questions, server: judge.url, model: 'fake-2026-01-01', answersDir: root },
    ...given.settings,
  });
  const request = {
    ...{ maxGenToks: 64, enableThinking: null, thinkEndToken: null, seed: 1234 },
    ...{ launcher: [], serverParallel: 2, ...given.request },
  } as unknown as EvaluationRequest;
  const context = {
    ...{ cwd: folder, environment: { HOME: folder }, now: () => new Date() },
    origin: { commit: null, branch: null, event: null },
    progress: createProgress({ write: (text) => notes.push(text) }),
    signal: given.signal ?? new AbortController().signal,
  } satisfies EvaluationContext;
  const slot = {
    ...{ server: given.server ?? model.url, python: '', environment: {}, devices: [], threads: null },
    model: { path: '', args: {}, digest: 'digest', name: null },
    ...{ tensorParallel: null, cache: folder, log: '/dev/null', readyTimeout: 60_000, key: null },
  };
  return { root, output, notes, settings, request, context, slot };
}

/** Runs the stage once, with main's answers in place. */
async function run(given: Given = {}) {
  const { root, output, notes, settings, request, context, slot } = makeStage(given);
  const ready = await prepareJudge(settings, request, context);
  const baseline = given.baseline === undefined ? main : given.baseline;
  const mainKey = baseline && answersKey(ready, baseline.record.model.identity ?? null);
  if (mainKey !== null && given.mainAnswers?.length !== 0) {
    const kept = await KeptAnswers.open(root, mainKey);
    for (const n of given.mainAnswers ?? numbers) await kept.append(`q${n}`, `main says ${n}`);
    await kept.close();
  }
  const identity = given.identity === undefined ? makeIdentity('pr') : given.identity;
  const ended = await runJudgeStage({
    ...{ ready, request, context, serverSlots: [slot], folder: output, baseline, machine: request },
    judgeKey: given.judgeKey === undefined ? KEY : given.judgeKey,
    model: { name: 'pr', identity },
    onServer: async () => {},
    retryPolicy: { requestTimeout: 60_000, backoff: [1] },
  });
  const left = (await readHeadToHead(output))!;
  const key = answersKey(ready, identity);
  const kept = key === null ? new Map() : await readKeptAnswers(root, key).catch(() => new Map());
  return { ...ended, ...left, kept, notes: notes.join(''), root, output, key };
}

function reset(): void {
  answers = ({ prompt }) => ({ says: `pr says ${/\d+/.exec(prompt)?.[0]}` });
  judges = () => VERDICT;
  model.asked.length = 0;
  judge.asked.length = 0;
}

describe('The judge stage of a run', () => {
  test('asks the model its questions, then a judge about each pair in both orders, and leaves the games without a text', async () => {
    reset();
    const { document, boards, kept, root, output, key, notes } = await run();
    assert.deepEqual(asked(), { model: COUNT, judge: 2 * COUNT });
    assert.equal(kept.get('q7'), 'pr says 7');
    assert.equal(document.skipped, null);
    assert.equal(boards[0]!.games.length, 2 * COUNT);
    for (const { question, styles } of boards[0]!.games)
      assert.equal(styles!.model.chars, `pr says ${question.slice(1)}`.length);
    assert.deepEqual([document.baseline!.name, document.candidate.name], ['main', 'pr']);
    assert.deepEqual([boards[0]!.reference, boards[0]!.benchmark], ['baseline', 'ours']);
    assert.deepEqual(document.judges[0]!.tokens, { input: 40 * 400, output: 40 * 60 });
    assert.equal(document.judges[0]!.pinned, true);
    assert.match(notes, /40 games against main, 40 asked in this run/);
    for (const name of readdirSync(output)) {
      const content = readFileSync(join(output, name), 'latin1');
      assert.doesNotMatch(content, /What is|says \d|judge-key/, name);
    }
    assert.equal(statSync(answersFile(root, key!)).mode & 0o777, 0o600);
  });

  test('a second run asks neither the model nor the judge, and leaves the same games', async () => {
    reset();
    const first = await run();
    reset();
    const second = await run({ root: first.root });
    assert.deepEqual(asked(), { model: 0, judge: 0 });
    assert.deepEqual(second.boards, first.boards);
  });

  test('equal answers are ties that nobody is asked about', async () => {
    reset();
    answers = ({ prompt }) => ({ says: `main says ${/\d+/.exec(prompt)?.[0]}` });
    const { document, boards } = await run();
    assert.deepEqual([asked().judge, document.ties], [0, 2 * COUNT]);
    assert.ok(boards[0]!.games.every(({ verdict }) => verdict === 'A=B'));
  });

  test('with more questions than judge-sample, a sample: the same for both models', async () => {
    reset();
    const { document, boards } = await run({ settings: { sample: 5 } });
    assert.deepEqual(asked(), { model: 5, judge: 10 });
    assert.equal(document.questions.planned, 5);
    assert.equal(new Set(boards[0]!.games.map(({ question }) => question)).size, 5);
  });

  test('without judge-questions the 40 of judge-mini are asked', async () => {
    reset();
    answers = () => ({ says: 'who knows' });
    const { document } = await run({ settings: { questions: null }, mainAnswers: [] });
    assert.deepEqual([document.benchmark, document.questions.planned], ['judge-mini', 40]);
    assert.equal(model.asked.length >= 40, true);
  });

  test('those 40 in a file of another name are judge-mini all the same, which raises no alarm', async () => {
    const { context } = makeStage({});
    const path = join(packageRoot(), 'tasks', 'judge-mini', 'questions.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const benchmarkOf = async (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      const asking = { maxGenToks: null, enableThinking: null, seed: 1 };
      return (await prepareJudge(makeJudgeRequest({ questions: name }), asking, context)).benchmark;
    };
    assert.equal(await benchmarkOf('mine.jsonl', lines.slice(0, 30).join('\n')), 'judge-mini');
    const more = [...lines, '{"id": "one-more", "question": "Who?"}'];
    assert.equal(await benchmarkOf('more.jsonl', more.join('\n')), 'more');
  });

  test('an answer of nothing is an answer: the judge sees it, and the model is not asked again', async () => {
    reset();
    answers = ({ prompt }) => ({ says: prompt.includes('7') ? '' : 'four' });
    const { kept, document } = await run();
    assert.equal(kept.get('q7'), '');
    assert.deepEqual([document.skipped, document.questions.missing.candidate], [null, 0]);
    assert.deepEqual(asked(), { model: COUNT, judge: 2 * COUNT });
  });

  test('judge-criteria: the games against main and against a reference have verdicts by criterion', async () => {
    reset();
    judges = () => ({ says: '{"reason": "r", "safety": "A=B", "style": "B>A", "overall": "A>B"}' });
    const reference = join(folder, 'by-criterion.jsonl');
    writeFileSync(
      reference,
      numbers.map((n) => `${JSON.stringify({ id: `q${n}`, answer: `theirs ${n}` })}\n`).join(''),
    );
    const { boards, games } = await run({ settings: { criteria: ['safety', 'style'], reference } });
    assert.equal(asked().judge, 4 * COUNT);
    for (const board of [boards[0]!, games[0]!.board])
      for (const { verdict, criteria } of board.games)
        assert.deepEqual([verdict, criteria], ['A>B', { safety: 'A=B', style: 'B>A' }]);
  });

  test("the answers are the model's, so that reasoning is cut first", async () => {
    reset();
    answers = () => ({ says: '<think>let me see</think>four' });
    const { kept } = await run({ request: { thinkEndToken: '</think>' } });
    assert.equal(kept.get('q2'), 'four');
  });
});

describe('Nothing is judged, and the reason is said in one line and left; answers are kept all the same', () => {
  const other = makeRecord({
    model: 'main',
    benchmarks: {},
    edit: (record) => delete record.model.identity,
  });
  const same = makeRecord({ model: 'pr', digest: 'pr', benchmarks: {} });
  const CASES: [
    what: string,
    given: Given,
    reason: NonNullable<ContestDocument['skipped']>['reason'],
    text: RegExp,
  ][] = [
    ['no judge is named', { settings: { server: null, model: null } }, 'no-judge', /give judge-model/],
    ['no model of the judge is named', { settings: { model: null } }, 'no-judge', /judge-model/],
    [
      'no key for a server elsewhere',
      { settings: { server: 'https://judge.example.com/v1' }, judgeKey: null },
      'no-key',
      /JUDGE_API_KEY is not set, as for forks/,
    ],
    ['no baseline', { baseline: null }, 'no-baseline', /--baseline/],
    ['main was never asked', { mainAnswers: [] }, 'no-main-answers', /run the judge stage on main too/],
    ["main's record names no model", { baseline: other }, 'no-main-answers', /does not say which model/],
    ["the model is main's", { baseline: same, mainAnswers: [] }, 'same-model', /so are its answers/],
    [
      'main answered too few questions',
      { mainAnswers: numbers.slice(0, 15) },
      'judge-failed',
      /the baseline's answers lack 5 of 20 questions/,
    ],
    ['a wrong key', { judgeKey: 'wrong' }, 'judge-failed', /401/],
    ['a limit of tokens', { settings: { maxTokens: 4000 } }, 'limit', /could exceed judge-max-tokens/],
    [
      'a limit of cost',
      { settings: { maxCost: 0.02, prices: { input: 3, output: 15 } } },
      'limit',
      /could exceed judge-max-cost/,
    ],
  ];
  for (const [what, given, reason, text] of CASES) {
    test(what, async () => {
      reset();
      const { document, boards, kept, notes, interrupted } = await run(given);
      assert.deepEqual([document.skipped?.reason, boards, interrupted], [reason, [], false]);
      assert.match(document.skipped!.text, text);
      assert.equal(notes.match(/Judge: skipped: /g)?.length, 1);
      assert.doesNotMatch(notes, /judge-key/);
      assert.equal(kept.size, COUNT);
    });
  }

  const FAULTS: [what: string, react: (asked: Asked) => Reaction, text: RegExp][] = [
    ['a judge that fails at everything', () => ({ status: 500 }), /failed at 10 games in a row/],
    ['a judge that ends every connection', () => 'cut', /10 games in a row|no answer/],
    [
      'a judge that sends us to another host',
      () => ({ status: 302, headers: { location: 'http://127.0.0.1:9/' } }),
      /302/,
    ],
  ];
  for (const [what, react, text] of FAULTS) {
    test(what, async () => {
      reset();
      judges = react;
      const { document, boards } = await run();
      assert.deepEqual([document.skipped?.reason, boards], ['judge-failed', []]);
      assert.match(document.skipped!.text, text);
    });
  }

  test('another run has the answers, or the games: which file or folder is in use, and by whom', async () => {
    reset();
    const first = await run({ settings: { maxTokens: 12_000 } });
    const file = answersFile(first.root, first.key!);
    const said = async (lock: string, what: string) => {
      reset();
      const held = await takeLock(lock, what);
      const { document } = await run({ root: first.root });
      await held.release();
      assert.deepEqual([document.skipped?.reason, asked()], ['judge-failed', { model: 0, judge: 0 }]);
      return document.skipped!.text;
    };
    assert.match(
      await said(`${file}.lock`, 'it'),
      /^the file of answers .*\.jsonl is in use by process \d+; wait for it/,
    );
    const games = file.replace(/\.jsonl$/, '.games');
    assert.match(
      await said(join(games, '.lock'), 'it'),
      /^the folder of games .*\.games is in use by process \d+; /,
    );
  });

  test('a folder of answers that cannot be made: neither the model nor the judge is asked', async () => {
    reset();
    const { document, notes } = await run({ root: join(questionsAlone, 'below-a-file'), mainAnswers: [] });
    assert.deepEqual([document.skipped?.reason, asked()], ['judge-failed', { model: 0, judge: 0 }]);
    assert.match(document.skipped!.text, /cannot write .*few\.jsonl.below-a-file/);
    assert.equal(notes.match(/Judge: /g)?.length, 1);
  });

  test('a model whose identity is not known', async () => {
    reset();
    const { document } = await run({ identity: { ...makeIdentity('pr'), digest: null } });
    assert.equal(document.skipped?.reason, 'no-identity');
    assert.deepEqual(asked(), { model: 0, judge: 0 });
  });

  test('a server of the model that cannot be had', async () => {
    reset();
    const { document } = await run({ server: 'http://127.0.0.1:9/v1' });
    assert.equal(document.skipped?.reason, 'no-answers');
    assert.match(document.skipped!.text, /the model gave no answer/);
  });

  test('a model that is not on this machine and has no server that chats', async () => {
    reset();
    const { document } = await run({ server: 'auto' });
    assert.deepEqual(
      [document.skipped?.reason, /give its address as server/.test(document.skipped!.text)],
      ['no-answers', true],
    );
  });
});

describe('Against a reference', () => {
  const reference = join(folder, 'gpt-4-0314.jsonl');
  writeFileSync(
    reference,
    numbers.map((n) => `${JSON.stringify({ id: `q${n}`, answer: `the reference says ${n}` })}\n`).join(''),
  );
  test('the same answers are held against it too, and the games are for the record', async () => {
    reset();
    const { games, document, root } = await run({ settings: { reference } });
    assert.deepEqual(asked(), { model: COUNT, judge: 4 * COUNT });
    assert.equal(document.skipped, null);
    const [{ board: judged, pinned }] = games as [ReferenceGames];
    const { games: own, ...board } = judged;
    assert.equal(pinned, true);
    assert.deepEqual(board, {
      ...{ benchmark: 'ours', category: null, judge: 'fake-2026-01-01', reference: 'gpt-4-0314' },
    });
    assert.equal(own.length, 2 * COUNT);
    reset();
    const again = await run({ settings: { reference }, root });
    assert.deepEqual([asked().judge, again.games], [0, games]);
  });

  test('it needs no answers of main, and no baseline', async () => {
    reset();
    const { games, document } = await run({ settings: { reference }, baseline: null });
    assert.deepEqual([document.skipped?.reason, games[0]!.board.games.length], ['no-baseline', 2 * COUNT]);
  });

  test('behind an alias, main is judged beside the model in the same run, and both apart from what was judged before', async () => {
    reset();
    const settings = { reference, model: 'latest' };
    const { games, document, rejudged, root, notes } = await run({ settings });
    // Head to head, the model against the reference, and main against it.
    assert.equal(asked().judge, 6 * COUNT);
    assert.match(
      notes,
      /40 games of main against gpt-4-0314, 40 asked in this run: 'latest' may be another judge by now/,
    );
    const [{ board, protocol, pinned }] = games as [ReferenceGames];
    assert.equal(pinned, false);
    const spent = { requests: 40, tokens: { input: 40 * 400, output: 40 * 60 }, cost: null };
    assert.deepEqual(document.rejudged, [{ judge: 'latest', reference: 'gpt-4-0314', protocol, ...spent }]);
    assert.deepEqual(games[0]!.spent, spent);
    assert.equal(rejudged!.length, 1);
    assert.deepEqual([rejudged![0]!.reference, rejudged![0]!.games.length], ['gpt-4-0314', 2 * COUNT]);
    const digestsOf = (own: typeof board) => own.games.map(({ answers: digests }) => digests.model);
    assert.notDeepEqual(digestsOf(rejudged![0]!), digestsOf(board));
    reset();
    const again = await run({ settings, root });
    assert.deepEqual([asked().judge, again.rejudged], [0, rejudged]);
    reset();
    const other = makeRecord({ model: 'older', benchmarks: {} });
    const beside = await run({ settings, root, baseline: other });
    // Of another main both sides' games against the reference: the judge may be another one by now. Its answers are main's, so head to head is known.
    assert.equal(asked().judge, 4 * COUNT);
    assert.equal(beside.rejudged!.length, 1);
  });

  test('behind an alias, both sides of a question are judged in one run, wherever asking stops; limits hold over both', async () => {
    reset();
    // Room for head to head, and for a part of what follows.
    const settings = { reference, model: 'latest', maxTokens: 27_000 };
    const sideOf = ({ prompt }: Asked) =>
      prompt.includes('the reference says') ? (prompt.includes('pr says') ? 'pr' : 'main') : 'head to head';
    const first = await run({ settings });
    assert.match(
      first.notes,
      /not against gpt-4-0314: the next game could exceed judge-max-tokens: \d+ games left/,
    );
    assert.ok(asked().judge * 460 <= 27_000, `${asked().judge}`);
    const judged = judge.asked.map((one) => `${/What is \d+/.exec(one.prompt)![0]} ${sideOf(one)}`);
    const questionsOf = (side: string) =>
      new Set(judged.filter((one) => one.endsWith(side)).map((one) => one.replace(side, '')));
    const [ofModel, ofMain] = [questionsOf('pr'), questionsOf('main')];
    assert.ok(ofModel.size > 2 && ofModel.size < COUNT, `${ofModel.size}`);
    // What was in flight when it stopped may be of one side.
    const alone = [...ofModel].filter((one) => !ofMain.has(one)).length;
    assert.ok(alone + ofMain.size - (ofModel.size - alone) <= 1, `${[...ofModel]}; ${[...ofMain]}`);
    const before = asked().judge;
    const second = await run({ settings: { ...settings, maxTokens: null }, root: first.root });
    assert.equal(asked().judge, 6 * COUNT, `${before}`);
    assert.equal(second.games[0]!.spent.requests, 2 * COUNT);
    assert.equal(second.document.rejudged![0]!.requests, 2 * COUNT);
  });

  test('behind an alias, an answer that both sides gave is asked about once', async () => {
    reset();
    answers = ({ prompt }) => {
      const n = /\d+/.exec(prompt)?.[0];
      return { says: `${Number(n) < 5 ? 'main' : 'pr'} says ${n}` };
    };
    const { games, rejudged } = await run({ settings: { reference, model: 'latest' } });
    assert.equal(asked().judge, 2 * (COUNT - 5) + 2 * COUNT + 2 * (COUNT - 5));
    assert.deepEqual([games[0]!.board.games.length, rejudged![0]!.games.length], [2 * COUNT, 2 * COUNT]);
  });

  test('behind an alias, main that answered too few questions is said, and the model is judged all the same', async () => {
    reset();
    const { games, rejudged, notes } = await run({
      settings: { reference, model: 'latest' },
      mainAnswers: numbers.slice(0, 15),
    });
    assert.match(notes, /main not against gpt-4-0314: .*lack 5 of 20/);
    assert.deepEqual([games[0]!.board.games.length, rejudged], [2 * COUNT, undefined]);
  });

  test('what the stage was estimated at covers all that is asked, behind an alias and by a name with a date', async () => {
    for (const name of ['latest', 'fake-2026-01-01']) {
      reset();
      const given = { settings: { reference, model: name, prices: { input: 3, output: 15 } } };
      const { settings, request, context } = makeStage(given);
      const estimate = estimateJudge(await prepareJudge(settings, request, context));
      await run(given);
      assert.equal(estimate.games, asked().judge, name);
      assert.equal(estimate.rejudged, name === 'latest' ? 2 * COUNT : 0);
    }
  });

  test('a judge whose name has its date is asked nothing about main, and neither is one without answers of main', async () => {
    reset();
    const { rejudged, document } = await run({ settings: { reference } });
    assert.deepEqual([rejudged, document.rejudged], [undefined, undefined]);
    reset();
    const without = await run({ settings: { reference, model: 'latest' }, mainAnswers: [] });
    assert.deepEqual([without.rejudged, asked().judge], [undefined, 2 * COUNT]);
  });

  const NONE: [what: string, given: Given, said: RegExp][] = [
    ['no key', { settings: { reference, server: 'https://judge.example.com/v1' }, judgeKey: null }, /no key/],
    ['a judge that refuses', { settings: { reference }, judgeKey: 'wrong' }, /not against gpt-4-0314: .*401/],
    [
      'a limit that head to head has used up',
      { settings: { reference, maxTokens: 23_000 } },
      /not against gpt-4-0314: the next game could exceed judge-max-tokens/,
    ],
    [
      'a reference that lacks answers',
      { settings: { reference: questionsAlone } },
      /not against few: the reference's answers lack 19 of 20/,
    ],
  ];
  for (const [what, given, said] of NONE) {
    test(`${what}: no games, one line`, async () => {
      reset();
      const { games, notes, interrupted } = await run(given);
      assert.deepEqual([games, interrupted], [[], false]);
      assert.match(notes, said);
    });
  }

  test('a file of it that is none is refused before anything is asked', async () => {
    const context = { cwd: folder, environment: { HOME: folder } };
    const request = { maxGenToks: null, enableThinking: null, seed: 1 };
    await rejectsWith(
      () => prepareJudge(makeJudgeRequest({ reference: 'none.jsonl' }), request, context),
      'data-invalid',
      /no such file/,
    );
  });
});

describe("The baseline's very model still owes a judge something", () => {
  const reference = join(folder, 'gpt-4-0314.jsonl');
  const judged = { benchmark: 'ours', reference: 'gpt-4-0314' };
  const CASES: [what: string, given: Given & { event?: string; judged?: object[] }, owes: boolean][] = [
    ['where its answers are not kept', { mainAnswers: [] }, true],
    ['not where they are', {}, false],
    ['not where one of them alone is missing', { mainAnswers: numbers.slice(1) }, false],
    ['not where a pull request has it', { mainAnswers: [], event: 'pull_request' }, false],
    ['where it was not held against the reference', { settings: { reference } }, true],
    ['not where it was', { settings: { reference }, judged: [judged] }, false],
    ['not where no judge can be asked', { settings: { reference, model: null } }, false],
  ];
  for (const [what, given, owes] of CASES) {
    test(what, async () => {
      const { root, settings, request, context } = makeStage(given);
      const ready = await prepareJudge(settings, request, context);
      const identity = main.record.model.identity!;
      const kept = await KeptAnswers.open(root, answersKey(ready, identity)!);
      for (const n of given.mainAnswers ?? numbers) await kept.append(`q${n}`, 'x');
      await kept.close();
      const origin = { commit: null, branch: null, event: given.event ?? 'push' };
      const record = { judge: (given.judged ?? []) as JudgeResult[] };
      assert.equal(await lacksJudged({ ready, key: KEY }, { identity, record, origin }), owes);
    });
  }
});

test('kept answers that cannot be read stop no evaluation', async () => {
  const { root, settings, request, context } = makeStage({});
  const ready = await prepareJudge(settings, request, context);
  const identity = main.record.model.identity!;
  const path = answersFile(root, answersKey(ready, identity)!);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'broken\n{"id": "q1", "answer": "one"}\n');
  const origin = { commit: null, branch: null, event: 'push' };
  assert.equal(await lacksJudged({ ready, key: KEY }, { identity, record: {}, origin }), false);
});

describe('What was begun is resumed', () => {
  test('a limit: the next run asks only what is left', async () => {
    reset();
    const first = await run({ settings: { maxTokens: 12_000 } });
    const before = asked().judge;
    assert.ok(before > 0 && before < 2 * COUNT, `${before}`);
    const second = await run({ root: first.root });
    assert.equal(asked().judge, 2 * COUNT);
    assert.equal(second.document.skipped, null);
    assert.equal(asked().model, COUNT);
    const { requests, tokens } = second.document.judges[0]!;
    assert.deepEqual([requests, tokens], [2 * COUNT, { input: 40 * 400, output: 40 * 60 }]);
  });

  const elsewhere = { server: 'https://judge.example.com/v1' };
  test('without a key, where an earlier run has asked all: the same games, and nobody is asked', async () => {
    reset();
    const reference = join(folder, 'gpt-4-0314.jsonl');
    const first = await run({ settings: { reference } });
    reset();
    const second = await run({
      settings: { reference, ...elsewhere },
      ...{ judgeKey: null, root: first.root },
    });
    assert.deepEqual(asked(), { model: 0, judge: 0 });
    assert.equal(second.document.skipped, null);
    assert.deepEqual([second.boards, second.games], [first.boards, first.games]);
  });

  test('without a key, where an earlier run has asked a part: no key', async () => {
    reset();
    const first = await run({ settings: { maxTokens: 12_000 } });
    const second = await run({ settings: elsewhere, judgeKey: null, root: first.root });
    assert.deepEqual([second.document.skipped?.reason, second.document.judges], ['no-key', []]);
  });

  test('a stop in the middle of the judge: it is left as interrupted, and the next run asks what is left', async () => {
    reset();
    const stop = new AbortController();
    judges = () => {
      if (judge.asked.length === 10) stop.abort();
      return { ...VERDICT, after: 5 };
    };
    const first = await run({ signal: stop.signal });
    assert.deepEqual([first.interrupted, first.document.skipped?.reason], [true, 'interrupted']);
    judges = () => VERDICT;
    const before = asked().judge;
    await run({ root: first.root });
    // What was in flight is asked again, two at most.
    assert.ok(asked().judge - before <= 2 * COUNT - before + 2, `${before}, then ${asked().judge}`);
  });

  test('a stop in the middle of the answers: those that were given are kept', async () => {
    reset();
    const stop = new AbortController();
    answers = ({ prompt }) => {
      if (model.asked.filter(isQuestion).length === 8) stop.abort();
      return { says: `pr says ${/\d+/.exec(prompt)?.[0]}`, after: 5 };
    };
    const first = await run({ signal: stop.signal });
    assert.deepEqual([first.interrupted, asked().judge], [true, 0]);
    const before = asked().model;
    await run({ root: first.root });
    assert.ok(asked().model <= COUNT + 2, `${before}, then ${asked().model}`);
    assert.equal(asked().judge, 2 * COUNT);
  });
});

describe('Before anything is asked', () => {
  const { context, settings, request } = (() => {
    answers = () => ({ says: '' });
    const cwd = folder;
    const context = { cwd, environment: { HOME: folder, SOS_BENCH_CACHE: join(folder, 'cache') } };
    const settings = makeJudgeRequest({ server: 'https://judge.example.com/v1', model: 'm' });
    const request = { maxGenToks: null, enableThinking: null, seed: 1 };
    return { context, settings, request };
  })();

  test('the host is named that gets to see questions and answers', async () => {
    const ready = await prepareJudge(settings, request, context);
    assert.match(
      describeReadyJudge(ready, KEY, folder),
      /40 questions of judge-mini; they and both models' answers go to judge\.example\.com, and nowhere else/,
    );
    assert.match(describeReadyJudge(ready, null, folder), /kept and not judged: no key/);
    assert.doesNotMatch(describeReadyJudge(ready, null, folder), /judge\.example/);
  });

  test('a judge of this machine that is not there is said, and keeps nothing else from being evaluated', async () => {
    const ready = await prepareJudge({ ...settings, server: null, model: './no/judge' }, request, context);
    assert.match(describeReadyJudge(ready, null, folder), /not judged: there is no model at \.\/no\/judge$/);
    const there = await prepareJudge({ ...settings, server: null, model: folder }, request, context);
    assert.match(describeReadyJudge(there, null, folder), /judged by a model of this machine/);
  });

  const ROOTS: [what: string, settings: object, root: string][] = [
    ['answers-dir', { answersDir: 'a', stateDir: 's' }, join(folder, 'a')],
    ['answers in state-dir', { stateDir: 's' }, join(folder, 's', 'answers')],
    ['answers in the cache', {}, join(folder, 'cache', 'answers')],
  ];
  for (const [what, given, root] of ROOTS) {
    test(`answers are kept in ${what}`, async () => {
      const ready = await prepareJudge({ ...settings, ...given }, request, context);
      assert.equal(ready.root, root);
      assert.ok(!existsSync(root));
    });
  }

  writeFileSync(join(folder, 'empty.txt'), ' \n');
  writeFileSync(join(folder, 'bad.jsonl'), '{"id": "q1"}\n');
  const BAD: [what: string, settings: Partial<JudgeRequest>, code: 'usage' | 'data-invalid', text: RegExp][] =
    [
      ['questions that are not there', { questions: 'none.jsonl' }, 'data-invalid', /no such file/],
      ['questions without a question', { questions: 'bad.jsonl' }, 'data-invalid', /line 1 is no question/],
      ['a prompt that is not there', { prompt: 'none.txt' }, 'usage', /none\.txt cannot be read/],
      ['an empty prompt', { prompt: 'empty.txt' }, 'usage', /empty\.txt is empty/],
    ];
  for (const [what, given, code, text] of BAD) {
    test(`${what}: ${code}`, async () => {
      await rejectsWith(() => prepareJudge({ ...settings, ...given }, request, context), code, text);
    });
  }
});
