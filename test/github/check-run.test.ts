import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { CheckSubject } from '../../src/github/check/check-api.ts';
import { concludeCheck, openCheck, settleChecks, sweepChecks } from '../../src/github/check/check-run.ts';
import type { Conclusion } from '../../src/github/check/check-sections.ts';
import type { Client } from '../../src/github/client.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { rejectsWith } from '../support/reject.ts';

let github: TestGitHub;
let client: Client;
let sha: string;

before(async () => {
  github = await startGitHub();
  client = await github.client();
});
beforeEach(async () => {
  sha = await github.emulator.commit();
  github.proxy.requests.length = 0;
});
after(() => github.close());

const subject = (run = 1, { attempt = 1, report = 'pr', name = 'SOS-Bench' } = {}): CheckSubject => ({
  name,
  stamp: { report, sha, run, attempt },
  detailsUrl: 'https://github.com/octo/models/actions/runs/1',
});
const output = (text = 'the report') => ({ title: 'A title', summary: () => text });

test('opened before the work, concluded after it: one check', async () => {
  const opened = await openCheck(client, subject(), output('running'));
  assert.ok(opened.posted);
  assert.deepEqual(
    (await github.checks(sha)).map(({ status }) => status),
    ['in_progress'],
  );
  await concludeCheck(client, subject(), { conclusion: 'failure', output: output(), id: opened.id });
  const [check, ...more] = await github.checks(sha);
  assert.deepEqual([check?.id, check?.status, check?.conclusion], [opened.id, 'completed', 'failure']);
  assert.equal(more.length, 0);
});

test('a job that does not know the id finds the check of its run', async () => {
  const opened = await openCheck(client, subject(), output());
  const concluded = await concludeCheck(client, subject(), { conclusion: 'success', output: output() });
  assert.ok(opened.posted && concluded.posted && opened.id === concluded.id);
});

test('concluded without ever having been opened: made at once', async () => {
  await concludeCheck(client, subject(), { conclusion: 'success', output: output() });
  assert.deepEqual(
    (await github.checks(sha)).map(({ conclusion }) => conclusion),
    ['success'],
  );
});

test('opened twice by one run: one check', async () => {
  await openCheck(client, subject(), output());
  await openCheck(client, subject(), output());
  assert.equal((await github.checks(sha)).length, 1);
});

test('another attempt, another report, another name: checks of their own', async () => {
  await openCheck(client, subject(1), output());
  await openCheck(client, subject(1, { attempt: 2 }), output());
  await openCheck(client, subject(1, { report: 'nightly' }), output());
  await openCheck(client, subject(1, { name: 'SOS-Bench (big)' }), output());
  assert.equal((await github.checks(sha)).length, 4);
});

test('neutral says that it satisfies a required check; the others do not', async () => {
  for (const conclusion of ['neutral', 'success', 'failure', 'cancelled'] as const) {
    sha = await github.emulator.commit();
    await concludeCheck(client, subject(), { conclusion, output: output() });
    const [check] = await github.checks(sha);
    assert.equal(check?.conclusion, conclusion);
    assert.equal(/satisfies a required check/.test(check!.output.summary), conclusion === 'neutral');
  }
});

for (const [title, text, ending] of [
  ['of many lines', 'line of äöü text\n'.repeat(9000), /äöü text\n\nCut here/],
  ['of one line', 'ä'.repeat(80_000), /ä\n\nCut here/],
] as const) {
  test(`a summary ${title} that is too long is cut, at a whole character, with a note`, async () => {
    const posted = await concludeCheck(client, subject(), { conclusion: 'neutral', output: output(text) });
    assert.ok(posted.posted, JSON.stringify(posted));
    const [check] = await github.checks(sha);
    const summary = check!.output.summary;
    assert.ok(Buffer.byteLength(summary) <= 65_535 && Buffer.byteLength(summary) > 65_400);
    assert.match(summary, ending);
    assert.match(summary, /satisfies a required check.*$/);
    assert.doesNotMatch(summary, /\ufffd/);
  });
}

test('a summary at the limit is left as it is', async () => {
  await concludeCheck(client, subject(), { conclusion: 'success', output: output('x'.repeat(65_535)) });
  assert.equal((await github.checks(sha))[0]?.output.summary.length, 65_535);
});

test('the sweep cancels what older runs of the same report left open, and nothing else', async () => {
  await openCheck(client, subject(1), output());
  await openCheck(client, subject(2, { attempt: 1 }), output());
  await openCheck(client, subject(1, { report: 'nightly' }), output());
  await openCheck(client, subject(3), output());
  await concludeCheck(client, subject(0), { conclusion: 'failure', output: output() });
  await client.rest.checks.create({
    ...client.repository,
    name: 'SOS-Bench',
    head_sha: sha,
    status: 'in_progress',
    external_id: 'of-another-program',
  });
  const posted = await sweepChecks(client, subject(2, { attempt: 2 }));
  assert.ok(posted.posted && posted.swept === 2);
  assert.deepEqual(
    (await github.checks(sha)).map(({ conclusion }) => conclusion),
    ['cancelled', 'cancelled', null, null, 'failure', null],
  );
});

test('a sweep with nothing to do sends one request', async () => {
  await openCheck(client, subject(2), output());
  github.proxy.requests.length = 0;
  await sweepChecks(client, subject(2));
  assert.equal(github.proxy.requests.length, 1);
});

const lost = { conclusion: 'failure', output: output('lost') } as const;
const never = { conclusion: 'cancelled', output: output('never began') } as const;

for (const [title, given, outcome, conclusions] of [
  ['one that its run left open is concluded', [[2, null]], 'concluded', ['failure']],
  ['one that an earlier attempt left open too', [[2, null, 1]], 'concluded', ['failure']],
  ['a concluded one is left as it is', [[2, 'success']], 'left', ['success']],
  ['one that was never opened is made', [], 'made', ['cancelled']],
  ['one of an older run does not stand for it', [[1, 'success']], 'made', ['success', 'cancelled']],
  [
    'one that an older run left open is swept',
    [
      [1, null],
      [2, 'success'],
    ],
    'left',
    ['cancelled', 'success'],
  ],
  [
    "a newer run's is left alone",
    [
      [2, null],
      [3, null],
    ],
    'concluded',
    ['failure', null],
  ],
] as [string, [number, 'success' | null, number?][], string, (string | null)[]][]) {
  test(`settling checks: ${title}`, async () => {
    for (const [run, conclusion, attempt = 2] of given) {
      const own = subject(run, { attempt });
      if (conclusion === null) await openCheck(client, own, output());
      else await concludeCheck(client, own, { conclusion, output: output() });
    }
    const settled = await settleChecks(client, subject(2, { attempt: 2 }), { open: lost, missing: never });
    assert.ok(settled.posted && settled.outcome === outcome, JSON.stringify(settled));
    assert.deepEqual(
      (await github.checks(sha)).map(({ conclusion }) => conclusion),
      conclusions,
    );
  });
}

test('settling checks: none is made where none is wanted', async () => {
  const settled = await settleChecks(client, subject(), { open: lost, missing: null });
  assert.ok(settled.posted && settled.outcome === 'left');
  assert.deepEqual(await github.checks(sha), []);
});

test('without permission: the YAML, and that a personal token cannot', async () => {
  const weak = await github.client({ permissions: { contents: 'read', checks: 'read' } });
  for (const posted of [
    await openCheck(weak, subject(), output()),
    await concludeCheck(weak, subject(), { conclusion: 'success', output: output() }),
    await settleChecks(weak, subject(), { open: lost, missing: never }),
  ]) {
    assert.ok(!posted.posted && posted.code === 'permission-missing');
    assert.match(posted.warning, /permissions:\n {2}checks: write\n\nPersonal access tokens cannot/);
  }
});

test('a shortened sha is a mistake, not a warning', async () => {
  sha = 'abc1234';
  await rejectsWith(() => openCheck(client, subject(), output()), 'usage', 'whole commit sha');
});

describe('jobs of a matrix that share a report', () => {
  const leg = (name: string | null, attempt = 1, run = 1): CheckSubject => ({
    ...subject(run, { attempt }),
    section: { pull: 7, leg: name, ...(name === null ? {} : { legs: 2 }) },
  });
  const say = (name: string | null, conclusion: Conclusion, attempt = 1) =>
    concludeCheck(client, leg(name, attempt), {
      conclusion,
      output: { title: `${name} ${conclusion}`, summary: () => 'the report' },
    });
  const settle = (attempt = 1) =>
    settleChecks(client, leg(null, attempt), {
      open: { conclusion: 'failure', output: output('lost') },
      missing: { conclusion: 'failure', output: output('none') },
    });
  /** How each check run of the commit ends; null for one that is open. */
  const ends = async () => (await github.checks(sha)).map(({ conclusion }) => conclusion).toSorted();

  const SCRIPTS: [string, () => Promise<unknown>, (Conclusion | null)[]][] = [
    ['the failure of one is the failure of all', () => both('failure', 'success'), ['failure', 'failure']],
    ['whichever comes last', () => both('success', 'failure'), ['failure', 'failure']],
    ['both pass', () => both('success', 'success'), ['success', 'success']],
    ['one has reported: the check is open', () => say('small', 'success'), [null]],
    ['also where that one failed', () => say('small', 'failure'), [null]],
    [
      'what was opened before them ends with them',
      async () => {
        await openCheck(client, leg(null), output());
        await both('success', 'success');
      },
      ['success', 'success', 'success'],
    ],
    [
      'and is open until then',
      async () => {
        await openCheck(client, leg(null), output());
        await openCheck(client, leg('large'), output());
        await say('small', 'success');
      },
      [null, null, null],
    ],
    [
      'a later attempt of one changes what that one said',
      async () => {
        await both('failure', 'success');
        await say('small', 'success', 2);
      },
      ['failure', 'success', 'success'],
    ],
    [
      'a job that was lost: the job after them ends the check',
      async () => {
        await openCheck(client, leg('large'), output());
        await say('small', 'success');
        await settle();
      },
      ['failure', 'failure'],
    ],
    [
      'a job that never began: too',
      async () => {
        await say('small', 'success');
        await settle();
      },
      ['failure', 'failure'],
    ],
    [
      'and what it ended gives way when that job is run again',
      async () => {
        await openCheck(client, leg(null), output());
        await say('small', 'success');
        await settle();
        await openCheck(client, leg('large', 2), output());
        await say('large', 'success', 2);
        await settle(2);
      },
      ['success', 'success', 'success'],
    ],
    [
      'the job after them has nothing to do where all have reported',
      async () => {
        await both('success', 'success');
        assert.ok((await settle()).posted);
      },
      ['success', 'success'],
    ],
    [
      'what an earlier run left open is cancelled by the next one, whichever job it was',
      async () => {
        await openCheck(client, leg('large'), output());
        await sweepChecks(client, leg('small', 1, 2));
      },
      ['cancelled'],
    ],
  ];
  async function both(small: Conclusion, large: Conclusion) {
    await say('small', small);
    await say('large', large);
  }
  for (const [title, script, expected] of SCRIPTS) {
    test(`${title}: ${expected.map((end) => end ?? 'open').join(', ')}`, async () => {
      await script();
      assert.deepEqual(await ends(), expected);
    });
  }

  test('both at once: neither is lost', async () => {
    await Promise.all([say('small', 'failure'), say('large', 'success')]);
    assert.deepEqual(await ends(), ['failure', 'failure']);
  });

  test('each shows how many have reported, then what decides', async () => {
    await say('small', 'failure');
    const titles = async () => (await github.checks(sha)).map(({ output: { title } }) => title).toSorted();
    assert.deepEqual(await titles(), ['1 of 2 jobs have reported']);
    await say('large', 'success');
    assert.deepEqual(await titles(), ['pull request #7 (pr, small): small failure', 'small failure']);
  });
});

test('two jobs of one run that nothing tells apart: the worse stays, and that is said', async () => {
  const opened = await openCheck(client, subject(), output());
  assert.ok(opened.posted);
  const say = (conclusion: Conclusion, title: string, isOwn = false) =>
    concludeCheck(client, subject(), {
      ...{ conclusion, id: opened.id, isOwn },
      output: { title, summary: () => title },
    });
  await say('failure', 'The model got worse');
  const second = await say('success', 'No loss');
  assert.ok(second.posted);
  assert.equal(second.keptWorse, 'The model got worse');
  const [check, ...more] = await github.checks(sha);
  assert.deepEqual(
    [check?.conclusion, check?.output.title, more.length],
    ['failure', 'The model got worse', 0],
  );
  await say('success', 'No loss', true);
  assert.equal((await github.checks(sha))[0]!.conclusion, 'success', 'who concluded it may correct itself');
});
