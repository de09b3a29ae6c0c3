import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { CheckSubject } from '../../src/github/check/check-api.ts';
import { concludeCheck, openCheck, settleChecks, sweepChecks } from '../../src/github/check/check-run.ts';
import type { Client } from '../../src/github/client.ts';
import { dispatchWorkflow } from '../../src/github/commands/dispatch.ts';
import { react } from '../../src/github/commands/reactions.ts';
import { postComment } from '../../src/github/comment/comment.ts';
import { markOutdated } from '../../src/github/comment/mark-outdated.ts';
import type { Posted } from '../../src/github/post.ts';
import { FAULTS, type FakeGitHub, type FaultName, startFakeGitHub } from '../support/fake-github-proxy.ts';
import { type FakeTimeout, newFakeTimeout } from '../support/fake-timeouts.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { inNightly, inParts } from '../support/tier.ts';

let github: TestGitHub;
before(async () => {
  github = await startGitHub();
});
after(() => github.close());

/** One test's part of the server: a pull request, a proxy and tokens of its own. */
interface Stage {
  pull: { number: number; headSha: string };
  proxy: FakeGitHub;
  client: Client;
  /** Past the proxy. */
  direct: Client;
}

async function setStage(timeout: FakeTimeout): Promise<Stage> {
  const { emulator } = github;
  const proxy = await startFakeGitHub(emulator.url);
  proxy.workflows.add('bench.yml');
  proxy.onSlow = timeout.expire;
  const token = await emulator.appToken();
  return {
    // GitHub takes comments on both; an issue is made in one request.
    pull: { number: await emulator.openIssue(), headSha: await emulator.commit() },
    proxy,
    client: await github.client({ token, apiUrl: proxy.url, timeout: timeout.milliseconds, second: 2 }),
    direct: await github.client({ token, apiUrl: emulator.url }),
  };
}

const subjectOf = ({ pull }: Stage, run: number): CheckSubject => ({
  name: 'SOS-Bench',
  stamp: { report: 'pr', sha: pull.headSha, run, attempt: 1 },
});
const comment = ({ pull, client }: Stage, run: number, by = client) =>
  postComment(by, {
    pull: pull.number,
    stamp: { report: 'pr', sha: pull.headSha, run, attempt: 1 },
    render: () => `report of run ${run}`,
  });
const texts = async ({ pull }: Stage) =>
  (await github.comments(pull.number)).map(({ body }) => body.split('\n')[1]);
const conclusions = async ({ pull }: Stage) =>
  (await github.checks(pull.headSha)).map(({ conclusion }) => conclusion);
const firstComment = async ({ pull }: Stage) => (await github.comments(pull.number))[0]!;
const output = { title: 'Regressed', summary: () => 'the report' };

const outcomes = {
  open: { conclusion: 'failure', output },
  missing: { conclusion: 'failure', output },
} as const;

interface Write {
  name: string;
  /** The request that goes wrong. */
  on: RegExp;
  prepare?: (stage: Stage) => Promise<unknown>;
  act: (stage: Stage) => Promise<Posted>;
  /** What is there at the end, and what should be: once, or not at all. */
  seen: (stage: Stage) => Promise<unknown>;
  done: unknown;
  undone: unknown;
}

const WRITES: Write[] = [
  {
    name: 'creating the comment',
    on: /^POST .*\/issues\/\d+\/comments/,
    act: (stage) => comment(stage, 1),
    seen: texts,
    done: ['report of run 1'],
    undone: [],
  },
  {
    name: 'updating the comment',
    on: /^PATCH .*\/issues\/comments/,
    prepare: (stage) => comment(stage, 1, stage.direct),
    act: (stage) => comment(stage, 2),
    seen: texts,
    done: ['report of run 2'],
    undone: ['report of run 1'],
  },
  {
    name: 'deleting a duplicate',
    on: /^DELETE .*\/issues\/comments/,
    prepare: async (stage) => {
      const { direct, pull } = stage;
      await comment(stage, 1, direct);
      const { body } = await firstComment(stage);
      await direct.rest.issues.createComment({ ...direct.repository, issue_number: pull.number, body });
    },
    act: (stage) => comment(stage, 2),
    seen: texts,
    done: ['report of run 2'],
    undone: ['report of run 2', 'report of run 1'],
  },
  {
    name: 'marking a report as outdated',
    on: /^PATCH .*\/issues\/comments/,
    prepare: (stage) => comment(stage, 1, stage.direct),
    act: ({ client, pull }) =>
      markOutdated(client, {
        pull: pull.number,
        stamp: { report: 'pr', sha: 'e'.repeat(40), run: 2, attempt: 1 },
        describe: () => 'outdated',
      }),
    seen: async ({ pull }) =>
      (await github.comments(pull.number)).map(({ body }) =>
        body.split('\n').filter(Boolean).slice(1).join(),
      ),
    done: ['<!-- sos-bench:outdated -->,outdated,<!-- /sos-bench:outdated -->,report of run 1'],
    undone: ['report of run 1'],
  },
  {
    name: 'opening the check',
    on: /^POST .*\/check-runs/,
    act: (stage) => openCheck(stage.client, subjectOf(stage, 1), output),
    seen: async ({ pull }) => (await github.checks(pull.headSha)).map(({ status }) => status),
    done: ['in_progress'],
    undone: [],
  },
  {
    name: 'concluding the check',
    on: /^PATCH .*\/check-runs/,
    prepare: (stage) => openCheck(stage.direct, subjectOf(stage, 1), output),
    act: (stage) => concludeCheck(stage.client, subjectOf(stage, 1), { conclusion: 'failure', output }),
    seen: conclusions,
    done: ['failure'],
    undone: [null],
  },
  {
    name: 'concluding a check that was never opened',
    on: /^POST .*\/check-runs/,
    act: (stage) => concludeCheck(stage.client, subjectOf(stage, 1), { conclusion: 'failure', output }),
    seen: conclusions,
    done: ['failure'],
    undone: [],
  },
  {
    name: 'sweeping an old check',
    on: /^PATCH .*\/check-runs/,
    prepare: (stage) => openCheck(stage.direct, subjectOf(stage, 1), output),
    act: (stage) => sweepChecks(stage.client, subjectOf(stage, 2)),
    seen: conclusions,
    done: ['cancelled'],
    undone: [null],
  },
  {
    name: 'settling a check that was left open',
    on: /^PATCH .*\/check-runs/,
    prepare: (stage) => openCheck(stage.direct, subjectOf(stage, 1), output),
    act: (stage) => settleChecks(stage.client, subjectOf(stage, 1), outcomes),
    seen: conclusions,
    done: ['failure'],
    undone: [null],
  },
  {
    name: 'settling a check that was never opened',
    on: /^POST .*\/check-runs/,
    act: (stage) => settleChecks(stage.client, subjectOf(stage, 1), outcomes),
    seen: conclusions,
    done: ['failure'],
    undone: [],
  },
  {
    name: 'reacting',
    on: /^POST .*\/reactions/,
    prepare: (stage) => comment(stage, 1, stage.direct),
    act: async (stage) => react(stage.client, (await firstComment(stage)).id, 'eyes'),
    seen: async (stage) => stage.proxy.reactions.get((await firstComment(stage)).id) ?? [],
    done: ['eyes'],
    undone: [],
  },
  {
    name: 'starting a workflow',
    on: /^POST .*\/dispatches/,
    act: ({ client }) =>
      dispatchWorkflow(client, { workflow: 'bench.yml', ref: 'main', inputs: {}, request: 'comment-7' }),
    seen: async ({ proxy }) => proxy.dispatches.length,
    done: 1,
    undone: 0,
  },
];

/** What the warning says where the fault stays. */
const SAYS: Record<FaultName, RegExp> = {
  '401': /refused the token.*expired/s,
  '403 without permission': /permissions:\n {2}[a-z-]+: write/,
  'secondary rate limit with retry-after': /fewer requests and a wait of 2 s.*again later/s,
  'rate limit exhausted': /rate limit is used up until 20\d\d-.*again later/s,
  '404': /permissions:\n {2}[a-z-]+: write/,
  '409': /409.*run the job again|give the command again/s,
  '422 too long': /too long|will not start/,
  '429': /fewer requests and a wait of 2 s.*again later/s,
  '500': /500.*again is safe|give the command again/s,
  '502': /502.*again is safe|give the command again/s,
  '502 after it was carried out': /502.*again is safe|give the command again/s,
  'cut connection': /again is safe|give the command again/,
  'cut connection after it was carried out': /again is safe|give the command again/,
  'cut in the middle of the answer': /again is safe|give the command again/,
  'slow body': /no answer within [\d.]+ s.*again is safe|give the command again/s,
};

/** Answers that say it was not done, and that waiting does not mend. */
const FINAL: FaultName[] = ['401', '403 without permission', 'rate limit exhausted', '404', '422 too long'];

/**
 * Each day a fifth of all pairs, in which every write meets three faults of either kind and every fault two writes or more; the others
 * are of the nightly tier.
 */
const DAILY_SHARE = 5;

describe('every fault x every write', { concurrency: 8 }, () => {
  for (const [row, write] of WRITES.entries()) {
    for (const [column, fault] of (Object.keys(FAULTS) as FaultName[]).entries()) {
      const [once, always] = [0, 2].map((place) =>
        (row + column) % DAILY_SHARE === place ? inParts : inNightly,
      ) as [typeof inParts, typeof inParts];
      once(`${write.name}, ${fault}, once: it is there once, or the warning says why not`, async () => {
        const { posted, seen } = await perform(write, fault, 1);
        if (posted.posted) {
          assert.deepEqual(seen, isTolerated(write, fault) ? write.undone : write.done);
        } else {
          assert.ok(FINAL.includes(fault) || write.name === 'starting a workflow', posted.warning);
          assert.deepEqual(seen, write.undone);
          assert.match(posted.warning, SAYS[fault]);
        }
      });

      always(
        `${write.name}, ${fault}, always: a warning that says what to do, and nothing twice`,
        async () => {
          const { posted, seen } = await perform(write, fault, Infinity);
          const carriedOut = 'carriedOut' in FAULTS[fault];
          assert.deepEqual(seen, carriedOut ? write.done : write.undone);
          // Otherwise it was seen to be done although no answer came, or there was nothing to be done.
          if (posted.posted) assert.ok(carriedOut || isTolerated(write, fault));
          else assert.match(posted.warning, SAYS[fault]);
        },
      );
    }
  }
});

async function perform(write: Write, fault: FaultName, times: number) {
  const stage = await setStage(newFakeTimeout());
  try {
    await write.prepare?.(stage);
    stage.proxy.faults.push({ fault, on: write.on, times });
    const posted = await write.act(stage);
    return { posted, seen: await write.seen(stage) };
  } finally {
    stage.proxy.close();
  }
}

/** A comment that is gone needs no reaction, a duplicate that is gone no deletion. */
function isTolerated(write: Write, fault: FaultName): boolean {
  return fault === '404' && (write.name === 'reacting' || write.name === 'deleting a duplicate');
}
