/** The second stage, from questions to a benchmark of the record: a fake server and a fake LiveBench, all else real. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { Journal } from '../../../src/evaluate/journal/journal.ts';
import type { LiveBenchInventory } from '../../../src/evaluate/livebench/inventory.ts';
import type { ServerSlot } from '../../../src/evaluate/livebench/server-slots.ts';
import { runLiveBench } from '../../../src/evaluate/livebench/stage.ts';
import type { EvaluationRequest } from '../../../src/evaluate/request.ts';
import type { LiveBenchEnvironment } from '../../../src/harness/livebench/checkout/environment.ts';
import { describeQuestions } from '../../../src/harness/livebench/question.ts';
import { encodeItems } from '../../../src/record/items.ts';
import { buildResults } from '../../../src/record/results/build.ts';
import { judgeUnscored } from '../../../src/record/results/unscored.ts';
import type { BenchmarkResult } from '../../../src/record/schema.ts';
import type { ServerKind } from '../../../src/serving/model-server.ts';
import { CATALOGUE } from '../../../src/suite/catalogue.ts';
import { LIVEBENCH_RELEASE } from '../../../src/suite/livebench.ts';
import { planAllItems } from '../../../src/suite/plan/assemble.ts';
import { hashPlan, type Plan } from '../../../src/suite/plan/plan.ts';
import { type Shard, shardPlan } from '../../../src/suite/plan/shards.ts';
import { createProgress } from '../../../src/system/progress.ts';
import { findSandbox } from '../../../src/system/sandbox/find.ts';
import {
  type Asked,
  type FakeChatServer,
  onceAreWaiting,
  type Reaction,
  startFakeChatServer,
} from '../../support/fake-chat-server.ts';
import { makeFakePython } from '../../support/fake-python.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fakeLiveBench, machinePython, makeQuestion } from '../../support/livebench.ts';
import { processesWith, within } from '../../support/process.ts';
import { rejectsWith } from '../../support/reject.ts';
import { inNightly, inParts as test } from '../../support/tier.ts';

const root = temporaryFolder();
const sandbox = await findSandbox(machinePython, process.env);
const PARALLEL = 4;

/** Questions of two tasks of one benchmark; what is asked ends in the number. */
function inventoryOf(
  count: number,
  environment: LiveBenchEnvironment,
  server: ServerKind,
): LiveBenchInventory {
  const make = (task: string, n: number) =>
    Array.from({ length: n }, (_, place) => makeQuestion(`${task} ${place}`, { task }));
  const questions = new Map([
    ['spatial', make('spatial', count)],
    ['zebra_puzzle', make('zebra_puzzle', count / 2)],
  ]);
  return {
    benchmarks: [
      {
        id: 'livebench-reasoning',
        reason: null,
        tasks: [...questions].map(([task, own]) => ({
          task,
          documents: describeQuestions(own, 16),
          reason: null,
        })),
      },
    ],
    protocols: new Map(),
    questions,
    ready: { kind: 'ready', environment, sandbox, server, codingRefused: null },
    maxTokens: 16,
  };
}

interface Attempt {
  url: string;
  signal?: AbortSignal;
  /** Where a server is started instead of asking that at `url`. */
  place?: Partial<ServerSlot> | undefined;
  /** Part of the plan; all of it where left out. */
  shard?: Shard;
}

/** A plan whose first chunk is two, as that of many more questions is. */
function cutFirst(plan: Plan): Plan {
  const [{ docIds, cost, ...first }, ...others] = plan.chunks as [Plan['chunks'][0], ...Plan['chunks']];
  const half = docIds.length / 2;
  const cut = [docIds.slice(0, half), docIds.slice(half)].map((own, index) => ({
    ...first,
    id: `${first.task}#${index + 1}/2`,
    docIds: own,
    cost: cost / 2,
  }));
  const chunks = [...cut, ...others];
  return { ...plan, chunks, planHash: hashPlan({ ...plan, chunks }) };
}

/** A run folder that can be run again, as a run that was stopped is. */
function runFolder(
  count: number,
  environment = fakeLiveBench(),
  {
    parallel = PARALLEL,
    server = 'given',
    thinking = {},
    plan: planned = (plan) => plan,
    requestTimeout = 60_000,
    grading = { timeout: 120_000, startTimeout: 120_000 },
  }: {
    parallel?: number | null;
    plan?: (plan: Plan) => Plan;
    server?: ServerKind;
    requestTimeout?: number;
    grading?: { timeout: number; startTimeout: number };
    thinking?: Partial<Pick<EvaluationRequest, 'enableThinking' | 'thinkEndToken'>>;
  } = {},
) {
  const folder = mkdtempSync(join(root, 'run-'));
  const inventory = inventoryOf(count, environment, server);
  const whole = planned(planAllItems('full', 1, inventory.benchmarks));
  const told: string[] = [];
  const attempt = async ({ url, signal = new AbortController().signal, shard, place: changes }: Attempt) => {
    const plan = shard === undefined ? whole : shardPlan(whole, shard);
    const { journal, state } = await Journal.open(
      join(folder, 'journal.ndjson'),
      { planHash: whole.planHash, modelDigest: 'fake', protocol: {} },
      { fresh: false, now: () => new Date() },
    );
    const request = {
      serverParallel: parallel,
      stallTimeout: 5,
      ...thinking,
      livebench: { dir: null, ref: null, release: LIVEBENCH_RELEASE, allowUnsafeCode: true },
    } as EvaluationRequest;
    const place = {
      server: url,
      python: machinePython,
      model: { path: '', args: {}, digest: 'fake', name: null },
      environment: {},
      devices: [],
      threads: null,
      tensorParallel: null,
      cache: folder,
      log: join(folder, 'server.log'),
      readyTimeout: 120_000,
      key: null,
      ...changes,
    };
    try {
      const { failed, interrupted } = await runLiveBench({
        plan,
        fullPlan: whole,
        chunks: plan.chunks,
        inventory,
        state,
        journal,
        request,
        context: {
          cwd: folder,
          environment: {},
          progress: createProgress({ write: (text) => told.push(text) }),
          signal,
          now: () => new Date(),
          origin: { commit: null, branch: null, event: null },
        },
        serverSlots: [place],
        answers: join(folder, 'livebench'),
        retryPolicy: { backoff: [1], requestTimeout },
        grading,
      });
      const givenUp = judgeUnscored(whole, state.unscored);
      const { benchmarks, items } = buildResults(
        CATALOGUE,
        plan,
        state.results,
        new Map([...failed, ...givenUp]),
      );
      return { row: benchmarks[0]!, items: encodeItems(items, ''), interrupted, state };
    } finally {
      await journal.close();
    }
  };
  return { folder, told, attempt };
}

const numberOf = ({ prompt }: Asked) => Number(prompt.split(' ').at(-1));
/** Every third question is answered right. */
const third = (asked: Asked): Reaction => ({ says: numberOf(asked) % 3 === 0 ? 'right' : 'wrong' });

async function withServer<T>(
  react: (asked: Asked, server: () => FakeChatServer) => Reaction,
  use: (server: FakeChatServer) => Promise<T>,
): Promise<T> {
  const server: FakeChatServer = await startFakeChatServer((asked) => react(asked, () => server));
  try {
    return await use(server);
  } finally {
    server.close();
  }
}

test('a benchmark is the mean of the means of its tasks, with every question an item of its stratum', async () => {
  const { attempt } = runFolder(12);
  const { row, state } = await withServer(third, ({ url }) => attempt({ url }));
  assert.deepEqual([row.status, row.n, row.unscored], ['done', 18, 0]);
  assert.ok(Math.abs(row.mean! - (4 / 12 + 2 / 6) / 2) < 1e-12, String(row.mean));
  assert.deepEqual(
    row.tasks.filter(({ n }) => n > 0).map(({ task, n }) => [task, n]),
    [
      ['spatial', 12],
      ['zebra_puzzle', 6],
    ],
  );
  assert.equal(state.server?.kind, 'given');
  assert.deepEqual(state.sandboxes, [{ kind: sandbox.kind, allowUnsafeCode: true }]);
});

const PARALLELS: [setting: number | null, most: number][] = [
  [null, 16],
  [2, 2],
];
for (const [setting, most] of PARALLELS) {
  test(`server-parallel ${setting ?? 'left out'}: ${most} at a time for a server that does not say what it takes`, async () => {
    // A few more than may be asked at a time.
    const { attempt } = runFolder(most < 4 ? 4 : 12, fakeLiveBench(), { parallel: setting });
    const waiting = onceAreWaiting(most);
    const react = ({ prompt }: Asked): Reaction =>
      prompt.startsWith('Question') ? waiting() : { says: 'right' };
    await withServer(react, async (server) => {
      await attempt({ url: server.url });
      assert.equal(server.most(), most);
    });
  });
}

/** What goes wrong, at question 7 of each task where it is one question's matter. */
interface Fault {
  what: string;
  /** Questions of the first task; the second has half as many. */
  count?: number;
  react?: Reaction;
  /** Numbers of the questions that get the reaction; two of a task are too much where left out. */
  failing?: readonly number[];
  /** Of every question from the tenth on. */
  onwards?: Reaction;
  place?: Partial<ServerSlot>;
  /** Short only where something never comes. */
  limits?: Parameters<typeof runFolder>[2];
  status: 'done' | 'failed';
  says: RegExp | null;
  /** What the next attempt, with a good server, comes to: as a run that nothing happened to, or the same again. */
  next: 'good' | 'same';
}

const SERVING = { transformers: '5', torch: '2', fastapi: '1', uvicorn: '1', openai: '1' };
/** A server of ours, which is a fake that can be asked to fail. */
function own(mode: string): Partial<ServerSlot> {
  const model = join(root, `model-${mode}`);
  mkdirSync(model);
  writeFileSync(join(model, 'chat_template.jinja'), '{{ messages }}');
  return {
    server: 'auto',
    python: makeFakePython(root, SERVING, mode),
    model: { path: model, args: {}, digest: 'fake', name: null },
    environment: { PATH: process.env.PATH ?? '' },
  };
}
const CONTEXT = { error: { message: "This model's maximum context length is 512 tokens" } };

const FAULTS: Fault[] = [
  {
    what: 'the server is never ready',
    place: { ...own('never-ready'), readyTimeout: 1500 },
    status: 'failed',
    says: /^18 of 18 .*not ready after 2 s/,
    next: 'good',
  },
  {
    what: 'the server ends while it loads',
    place: own('ends'),
    status: 'failed',
    says: /no such architecture/,
    next: 'good',
  },
  {
    what: 'the server dies at its first question',
    place: own('dies-over-it'),
    status: 'failed',
    says: /CUDA out of memory/,
    next: 'good',
  },
  {
    what: 'the server breaks off half way',
    onwards: 'cut',
    status: 'failed',
    says: /^9 of 18 .*socket hang up/,
    next: 'good',
  },
  {
    what: 'one question of a task always gets status 500',
    count: 16,
    failing: [7],
    react: { status: 500 },
    status: 'done',
    says: /^2 of 24 questions could not be scored/,
    next: 'same',
  },
  {
    what: 'too many get status 500',
    react: { status: 500, body: { error: 'no kernel' } },
    status: 'failed',
    says: /^2 of 18 questions have no score; the first: spatial spatial 7: status 500: no kernel/,
    next: 'good',
  },
  {
    what: 'too many get status 429',
    react: { status: 429 },
    status: 'failed',
    says: /status 429/,
    next: 'good',
  },
  { what: 'answers are empty', react: { says: '' }, status: 'failed', says: /empty/, next: 'good' },
  { what: 'answers are cut off', react: 'half', status: 'failed', says: /spatial 7/, next: 'good' },
  {
    what: 'answers are no JSON',
    react: 'torn',
    status: 'failed',
    says: /cut off or is not a chat completion/,
    next: 'good',
  },
  {
    what: 'answers take too long',
    react: 'silent',
    limits: { requestTimeout: 5000 },
    status: 'failed',
    says: /no answer within 5 s/,
    next: 'good',
  },
  {
    what: 'prompts are longer than the context',
    react: { status: 400, body: CONTEXT },
    status: 'failed',
    says: /longer than the model's context: .*maximum context length/,
    next: 'good',
  },
  {
    what: 'the key is refused',
    onwards: { status: 401, body: CONTEXT },
    status: 'failed',
    says: /status 401/,
    next: 'good',
  },
  {
    what: 'the grader reports an error',
    react: { says: 'eval_error' },
    status: 'failed',
    says: /eval_error/,
    next: 'same',
  },
  { what: 'the grader raises', react: { says: 'raise' }, status: 'failed', says: /ValueError/, next: 'same' },
  {
    what: 'the grader writes garbage',
    react: { says: 'garbage' },
    status: 'failed',
    says: /no judgment/,
    next: 'same',
  },
  {
    what: 'the grader hangs',
    react: { says: 'hang' },
    limits: { grading: { timeout: 10_000, startTimeout: 10_000 } },
    status: 'failed',
    says: /the grader was ended/,
    next: 'same',
  },
  {
    what: 'the grader forks without end',
    react: { says: 'fork' },
    status: 'failed',
    says: /the grader was ended/,
    next: 'same',
  },
  {
    what: 'the grader is killed',
    react: { says: 'killed' },
    status: 'failed',
    says: /killed|signal 9|ended/,
    next: 'same',
  },
];
describe('a fault: what is said, the benchmark, nothing left running, and the same again or all good when resumed', {
  concurrency: 2,
}, () => {
  for (const fault of FAULTS) {
    const { what, count = 12, failing = [7, 8], react, onwards, place, limits, status, says, next } = fault;
    const register = /breaks off|one question|status 500|empty|raises|garbage/.test(what) ? test : inNightly;
    register(`${what}: ${status}, then ${next}`, async () => {
      const environment = fakeLiveBench(root);
      const { attempt, told, folder } = runFolder(count, environment, limits);
      let answered = 0;
      const faulty = (asked: Asked): Reaction => {
        if (onwards !== undefined && asked.prompt.startsWith('Question') && ++answered > 9) return onwards;
        return react !== undefined && failing.includes(numberOf(asked)) ? react : { says: 'right' };
      };
      const first = await withServer(faulty, ({ url }) => attempt({ url, place }));
      assert.deepEqual([first.row.status, first.interrupted], [status, false], told.join(''));
      if (says !== null) assert.match(first.row.reason ?? '', says);
      assert.doesNotMatch(JSON.stringify(first.row), /top secret/);
      if (status === 'done') assert.deepEqual([first.row.mean, first.row.unscored], [1, 2]);
      assert.deepEqual([...processesWith(environment.checkout.folder), ...processesWith(folder)], []);
      if (place?.model !== undefined) assert.deepEqual(processesWith(place.model.path), []);
      assert.ok(!existsSync(join(folder, 'livebench', 'scratch')), 'no scratch folder is left');

      const second = await withServer(
        () => ({ says: 'right' }),
        ({ url }) => attempt({ url }),
      );
      if (next === 'same') {
        assert.deepEqual(second.row, first.row);
        assert.deepEqual(second.items, first.items);
      } else {
        const { n, unscored, mean, reason } = second.row;
        assert.deepEqual([second.row.status, n, unscored, mean, reason], ['done', 1.5 * count, 0, 1, null]);
        assert.deepEqual(second.items, (await allRight(count)).items);
      }
    });
  }
});

/** A run of as many questions that nothing happened to. */
const undisturbed = new Map<number, Promise<{ items: unknown }>>();
function allRight(count: number): Promise<{ items: unknown }> {
  const run =
    undisturbed.get(count) ??
    withServer(
      () => ({ says: 'right' }),
      ({ url }) => runFolder(count).attempt({ url }),
    );
  undisturbed.set(count, run);
  return run;
}

test('reasoning is cut before it is scored; where it has no end the answer is wrong, and counted', async () => {
  const thinking = { enableThinking: true, thinkEndToken: '</think>' };
  const { attempt } = runFolder(12, fakeLiveBench(), { thinking });
  const answers: Record<number, Reaction> = {
    7: { says: 'wrong? right? the', finish: 'length' },
    8: { says: null, reasoning: 'wrong? right? the', finish: 'length' },
  };
  const { row, state } = await withServer(
    (asked) => answers[numberOf(asked)] ?? { says: '# wrong?</think>\n\nright' },
    ({ url }) => attempt({ url }),
  );
  const lost = row.unendedReasoning!;
  assert.ok(lost >= 2 && lost < row.n, String(lost));
  assert.deepEqual([row.status, row.unscored, row.cutAnswers], ['done', 0, lost]);
  // LiveBench: the mean of its tasks' means, so only a bound.
  assert.ok(row.mean! < 1 && row.mean! > 0.5, String(row.mean));
  // Style is that of the answer; where there is none, there is no style.
  const styles = [...state.results.values()].flat().map(({ style }) => style);
  assert.equal(styles.filter((style) => style === undefined).length, lost);
  const right = { chars: 'right'.length, headers: 0, listItems: 0, bold: 0 };
  assert.deepEqual(
    styles.filter((style) => style !== undefined),
    Array.from({ length: row.n - lost }, () => right),
  );
});

test('what the server calls the model is journaled; answers of another are not added to them', async () => {
  const { attempt } = runFolder(12);
  const failing = (asked: Asked): Reaction =>
    [7, 8].includes(numberOf(asked)) ? { status: 500 } : { says: 'right' };
  const first = await startFakeChatServer(failing, { models: ['acme'] });
  const { row, state } = await attempt({ url: first.url }).finally(() => first.close());
  assert.deepEqual([row.status, state.server?.model], ['failed', 'acme']);
  const other = await startFakeChatServer(() => ({ says: 'right' }), { models: ['zeta'] });
  await rejectsWith(
    () => attempt({ url: other.url }).finally(() => other.close()),
    'journal-mismatch',
    "'acme'",
    "'zeta'",
    'server-model',
  );
});

describe('whether too much has no score is a matter of the whole task', { concurrency: 2 }, () => {
  /** Questions of the first task, in two chunks; the second task's half are a third. */
  const CHUNKED = 16;
  const runChunked = () => runFolder(CHUNKED, fakeLiveBench(), { plan: cutFirst });
  const oneFails = (asked: Asked): Reaction =>
    asked.prompt.endsWith('spatial 7') ? { status: 500 } : { says: 'right' };
  const said = ({ row: { status, n, unscored, reason } }: { row: BenchmarkResult }) => ({
    status,
    n,
    unscored,
    reason,
  });

  test('stopped after any chunk and resumed, a run says the same as one that was not', async () => {
    await withServer(oneFails, async ({ url }) => {
      const { attempt, folder } = runChunked();
      const whole = await attempt({ url });
      assert.deepEqual([whole.row.status, whole.row.n, whole.row.unscored], ['done', CHUNKED * 1.5 - 1, 1]);
      const journal = join(folder, 'journal.ndjson');
      const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
      const ends = lines.flatMap((line, index) => (JSON.parse(line).type === 'chunk' ? [index + 1] : []));
      assert.equal(ends.length, 3);
      for (const kept of ends) {
        writeFileSync(journal, `${lines.slice(0, kept).join('\n')}\n`);
        const resumed = await attempt({ url });
        assert.deepEqual(said(resumed), said(whole), `${kept} lines kept`);
        assert.deepEqual(resumed.items, whole.items);
      }
    });
  });

  test('one question of a task is too few in a shard of it, too', async () => {
    await withServer(oneFails, async ({ url }) => {
      for (const index of [1, 2, 3]) {
        const { row } = await runChunked().attempt({ url, shard: { index, of: 3 } });
        assert.equal(row.status, 'done', JSON.stringify(row));
      }
    });
  });

  test('a benchmark that was given up is tried again, and only what has no score', async () => {
    const { attempt } = runFolder(20);
    const failing = ({ prompt }: Asked): Reaction =>
      /spatial [78]$/.test(prompt) ? { status: 500 } : { says: 'right' };
    const first = await withServer(failing, ({ url }) => attempt({ url }));
    assert.deepEqual([first.row.status, first.row.unscored], ['failed', 2]);
    await withServer(
      () => ({ says: 'right' }),
      async (server) => {
        const second = await attempt({ url: server.url });
        assert.deepEqual(said(second), { status: 'done', n: 30, unscored: 0, reason: null });
        const asked = server.asked
          .map(({ prompt }) => prompt)
          .filter((prompt) => prompt.startsWith('Question'));
        assert.deepEqual(asked.sort(), ['Question spatial 7', 'Question spatial 8']);
      },
    );
  });
});

const straight = await withServer(third, ({ url }) => runFolder(12).attempt({ url }));

test('a server that ends half way leaves its answers; the next attempt asks only the rest', async () => {
  const { attempt, folder } = runFolder(12);
  let answered = 0;
  const first = await withServer(
    (asked, server) => {
      if (++answered <= 9) return third(asked);
      server().close();
      return 'cut';
    },
    ({ url }) => attempt({ url }),
  );
  assert.equal(first.row.status, 'failed');
  assert.match(first.row.reason!, /the server|answers|unreachable|refused/i);
  const kept = readFileSync(join(folder, 'livebench', 'answers.jsonl'), 'utf8')
    .trim()
    .split('\n').length;
  assert.ok(kept >= 9 - PARALLEL && kept <= 9, `${kept} answers`);
  const asked = await withServer(third, async (server) => {
    const { items, row } = await attempt({ url: server.url });
    assert.equal(row.status, 'done');
    assert.deepEqual(items, straight.items);
    return server.asked.filter(({ prompt }) => prompt.startsWith('Question')).length;
  });
  assert.equal(asked, 18 - kept);
});

test('stopped while a server answers, a run is interrupted; the next attempt gives the same items', async () => {
  const { attempt } = runFolder(12);
  const stop = new AbortController();
  let answered = 0;
  const first = await withServer(
    (asked) => {
      if (++answered === 8) stop.abort();
      return third(asked);
    },
    ({ url }) => attempt({ url, signal: stop.signal }),
  );
  assert.ok(first.interrupted);
  assert.equal(first.row.status, 'partial');
  const again = await withServer(third, ({ url }) => attempt({ url }));
  assert.deepEqual(again.items, straight.items);
});

test('answers are private, and where all are there no server is needed', async () => {
  const { attempt, folder } = runFolder(12);
  const unscored = (asked: Asked): Reaction => ({
    says: [7, 8].includes(numberOf(asked)) ? 'raise' : 'right',
  });
  const first = await withServer(unscored, ({ url }) => attempt({ url }));
  assert.equal(first.row.status, 'failed');
  const path = join(folder, 'livebench', 'answers.jsonl');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(folder, 'livebench')).mode & 0o777, 0o700);
  const second = await attempt({ url: 'http://127.0.0.1:9/v1' });
  assert.match(second.row.reason!, /grader|raise|ValueError/);
});

test('stopped while answers are scored, a run is interrupted', async () => {
  const environment = fakeLiveBench(root);
  const { attempt } = runFolder(12, environment);
  const stop = new AbortController();
  // The sandbox of a grader, which has the fake's folder.
  const isGrading = () => processesWith(environment.checkout.folder).length > 0;
  const hanging = (asked: Asked): Reaction => (numberOf(asked) === 7 ? { says: 'hang' } : third(asked));
  let answered = 0;
  const first = await withServer(
    (asked) => {
      if (++answered === 18) void within(120, isGrading).then(() => stop.abort());
      return hanging(asked);
    },
    ({ url }) => attempt({ url, signal: stop.signal }),
  );
  assert.ok(first.interrupted);
  assert.equal(first.row.status, 'partial');
});

test('a scorer that does not start fails the benchmark, with its last words', async () => {
  const { attempt } = runFolder(12, { ...fakeLiveBench(), python: '/bin/false' });
  const { row, interrupted } = await withServer(third, ({ url }) => attempt({ url }));
  assert.deepEqual([row.status, interrupted], ['failed', false]);
  assert.match(row.reason!, /scorer does not start/);
});
