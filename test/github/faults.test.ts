import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type CheckSubject, concludeCheck, openCheck, sweepChecks } from '../../src/github/check-run.ts';
import type { Client } from '../../src/github/client.ts';
import { postComment } from '../../src/github/comment.ts';
import { dispatchWorkflow } from '../../src/github/dispatch.ts';
import type { Posted } from '../../src/github/post.ts';
import { react } from '../../src/github/reactions.ts';
import { FAULTS, type FaultName } from '../support/fake-github-proxy.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';

let github: TestGitHub;
let client: Client;
let patient: Client;
let pull: { number: number; headSha: string };

before(async () => {
  github = await startGitHub();
  patient = await github.client();
  client = await github.client({ timeout: 150, second: 2 });
});
beforeEach(async () => {
  github.proxy.faults.length = 0;
  github.proxy.requests.length = 0;
  github.proxy.dispatches.length = 0;
  github.proxy.workflows.add('bench.yml');
  // GitHub takes comments on both; an issue is made in one request.
  pull = { number: await github.emulator.openIssue(), headSha: await github.emulator.commit() };
});
after(() => github.close());

const stampOf = (run: number) => ({ report: 'pr', sha: pull.headSha, run, attempt: 1 });
const subjectOf = (run: number): CheckSubject => ({ name: 'SOS-Bench', stamp: stampOf(run) });
const comment = (run: number, by = client) =>
  postComment(by, { pull: pull.number, stamp: stampOf(run), render: () => `report of run ${run}` });
const output = { title: 'Regressed', summary: () => 'the report' };

interface Write {
  name: string;
  /** The request that goes wrong. */
  on: RegExp;
  prepare?: () => Promise<unknown>;
  act: () => Promise<Posted>;
  /** What is there at the end, and what should be: once, or not at all. */
  seen: () => Promise<unknown>;
  done: unknown;
  undone: unknown;
}

const WRITES: Write[] = [
  {
    name: 'creating the comment',
    on: /^POST .*\/issues\/\d+\/comments/,
    act: () => comment(1),
    seen: async () => (await github.comments(pull.number)).map(({ body }) => body.split('\n')[1]),
    done: ['report of run 1'],
    undone: [],
  },
  {
    name: 'updating the comment',
    on: /^PATCH .*\/issues\/comments/,
    prepare: () => comment(1, patient),
    act: () => comment(2),
    seen: async () => (await github.comments(pull.number)).map(({ body }) => body.split('\n')[1]),
    done: ['report of run 2'],
    undone: ['report of run 1'],
  },
  {
    name: 'deleting a duplicate',
    on: /^DELETE .*\/issues\/comments/,
    prepare: async () => {
      await comment(1, patient);
      const [{ body } = { body: '' }] = await github.comments(pull.number);
      await patient.rest.issues.createComment({ ...patient.repository, issue_number: pull.number, body });
    },
    act: () => comment(2),
    seen: async () => (await github.comments(pull.number)).map(({ body }) => body.split('\n')[1]),
    done: ['report of run 2'],
    undone: ['report of run 2', 'report of run 1'],
  },
  {
    name: 'opening the check',
    on: /^POST .*\/check-runs/,
    act: () => openCheck(client, subjectOf(1), output),
    seen: async () => (await github.checks(pull.headSha)).map(({ status }) => status),
    done: ['in_progress'],
    undone: [],
  },
  {
    name: 'concluding the check',
    on: /^PATCH .*\/check-runs/,
    prepare: () => openCheck(patient, subjectOf(1), output),
    act: () => concludeCheck(client, subjectOf(1), { conclusion: 'failure', output }),
    seen: async () => (await github.checks(pull.headSha)).map(({ conclusion }) => conclusion),
    done: ['failure'],
    undone: [null],
  },
  {
    name: 'concluding a check that was never opened',
    on: /^POST .*\/check-runs/,
    act: () => concludeCheck(client, subjectOf(1), { conclusion: 'failure', output }),
    seen: async () => (await github.checks(pull.headSha)).map(({ conclusion }) => conclusion),
    done: ['failure'],
    undone: [],
  },
  {
    name: 'sweeping an old check',
    on: /^PATCH .*\/check-runs/,
    prepare: () => openCheck(patient, subjectOf(1), output),
    act: () => sweepChecks(client, subjectOf(2)),
    seen: async () => (await github.checks(pull.headSha)).map(({ conclusion }) => conclusion),
    done: ['cancelled'],
    undone: [null],
  },
  {
    name: 'reacting',
    on: /^POST .*\/reactions/,
    prepare: () => comment(1, patient),
    act: async () => react(client, (await github.comments(pull.number))[0]!.id, 'eyes'),
    seen: async () => github.proxy.reactions.get((await github.comments(pull.number))[0]!.id) ?? [],
    done: ['eyes'],
    undone: [],
  },
  {
    name: 'starting a workflow',
    on: /^POST .*\/dispatches/,
    act: () =>
      dispatchWorkflow(client, {
        workflow: 'bench.yml',
        ref: 'main',
        inputs: {},
        request: `c${pull.number}`,
      }),
    seen: async () => github.proxy.dispatches.length,
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
  'slow body': /no answer within 0.15 s.*again is safe|give the command again/s,
};

/** Answers that say it was not done, and that waiting does not mend. */
const FINAL: FaultName[] = ['401', '403 without permission', 'rate limit exhausted', '404', '422 too long'];

for (const write of WRITES) {
  for (const fault of Object.keys(FAULTS) as FaultName[]) {
    const carriedOut = 'carriedOut' in FAULTS[fault];

    test(`${write.name}, ${fault}, once: it is there once, or the warning says why not`, async () => {
      await write.prepare?.();
      github.proxy.faults.push({ fault, on: write.on, times: 1 });
      const posted = await write.act();
      const seen = await write.seen();
      if (posted.posted) {
        assert.deepEqual(seen, isTolerated(write, fault) ? write.undone : write.done);
      } else {
        assert.ok(FINAL.includes(fault) || write.name === 'starting a workflow', posted.warning);
        assert.deepEqual(seen, write.undone);
        assert.match(posted.warning, SAYS[fault]);
      }
    });

    test(`${write.name}, ${fault}, always: a warning that says what to do, and nothing twice`, async () => {
      await write.prepare?.();
      github.proxy.faults.push({ fault, on: write.on });
      const posted = await write.act();
      const seen = await write.seen();
      if (posted.posted) {
        // Seen to be done although no answer came, or nothing to be done.
        assert.ok(carriedOut || isTolerated(write, fault));
        assert.deepEqual(seen, carriedOut ? write.done : write.undone);
      } else {
        assert.match(posted.warning, SAYS[fault]);
        assert.deepEqual(seen, carriedOut ? write.done : write.undone);
      }
    });
  }
}

/** A comment that is gone needs no reaction, a duplicate that is gone no deletion. */
function isTolerated(write: Write, fault: FaultName): boolean {
  return fault === '404' && (write.name === 'reacting' || write.name === 'deleting a duplicate');
}
