import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Client } from '../../src/github/client.ts';
import { type CommentPosted, postComment } from '../../src/github/comment/comment.ts';
import { markOutdated } from '../../src/github/comment/mark-outdated.ts';
import { writeMarker } from '../../src/github/comment/marker.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { rejectsWith } from '../support/reject.ts';

let github: TestGitHub;
let client: Client;
let pull: number;

before(async () => {
  github = await startGitHub();
  client = await github.client();
});
beforeEach(async () => {
  github.proxy.faults.length = 0;
  pull = await github.emulator.openIssue();
  github.proxy.requests.length = 0;
});
after(() => github.close());

const SHA = 'a'.repeat(40);

function report(run: number, options: ReportOptions = {}): Promise<CommentPosted> {
  const { id = 'pr', attempt = 1, by = client, text = `run ${run}.${attempt}` } = options;
  return postComment(by, { pull, stamp: { report: id, sha: SHA, run, attempt }, render: () => text });
}

interface ReportOptions {
  id?: string;
  attempt?: number;
  text?: string;
  by?: Client;
}

const outcome = (posted: CommentPosted) => (posted.posted ? posted.how : posted.code);
const warning = (posted: CommentPosted) => (posted.posted ? '' : posted.warning);

/** Texts of the comments there, without markers. */
async function texts(): Promise<string[]> {
  return (await github.comments(pull)).map(({ body }) => body.replace(/^<!--.*-->\n/, ''));
}

/** A comment by someone, past the proxy. */
async function say(body: string, token = github.emulator.people.owner): Promise<void> {
  const by = await github.client({ token, apiUrl: github.emulator.url });
  await by.rest.issues.createComment({ ...by.repository, issue_number: pull, body });
}

/** What was asked since the test began, listings left out. */
function writes(): string[] {
  const beyondPaging = github.proxy.requests.filter(({ asked }) => !/^GET .*\/comments\?/.test(asked));
  return beyondPaging.map(({ asked }) =>
    asked.replace(/\/repos\/octo\/models|\?.*/g, '').replace(/\d+/g, 'N'),
  );
}

test('the first report makes a comment, the next one changes it', async () => {
  assert.equal(outcome(await report(1)), 'created');
  assert.equal(outcome(await report(2)), 'updated');
  assert.deepEqual(await texts(), ['run 2.1']);
});

test('the same report by the same run sends nothing but the listing', async () => {
  await report(1);
  github.proxy.requests.length = 0;
  assert.equal(outcome(await report(1)), 'unchanged');
  assert.deepEqual(writes(), []);
});

test('several reports stand side by side', async () => {
  await report(1, { id: 'nightly / big model' });
  await report(1, { id: 'pr' });
  await report(2, { id: 'nightly / big model' });
  assert.deepEqual(await texts(), ['run 2.1', 'run 1.1']);
});

for (const [title, older, newer] of [
  ['an older run', [5, 1], [6, 1]],
  ['an older run, however many attempts it had', [5, 9], [6, 1]],
  ['an earlier attempt', [5, 1], [5, 2]],
] as const) {
  test(`${title} never overwrites a newer one`, async () => {
    await report(newer[0], { attempt: newer[1] });
    const posted = await report(older[0], { attempt: older[1] });
    assert.equal(outcome(posted), 'superseded');
    assert.deepEqual(await texts(), [`run ${newer.join('.')}`]);
  });
}

test('a comment is found on whatever page it stands', async () => {
  for (let count = 0; count < 105; count++) await say(`talk ${count}`);
  await report(1);
  for (let count = 0; count < 100; count++) await say(`more talk ${count}`);
  github.proxy.requests.length = 0;
  assert.equal(outcome(await report(2)), 'updated');
  assert.equal((await texts()).filter((text) => text.startsWith('run')).length, 1);
  assert.deepEqual(writes(), ['PATCH /issues/comments/N', 'GET /issues/comments/N']);
});

test('a planted marker of someone else is left alone', async () => {
  const planted = `${writeMarker({ report: 'pr', sha: SHA, run: 999, attempt: 1 })}\nlooks good to me`;
  await say(planted, github.emulator.people.reader);
  assert.equal(outcome(await report(1)), 'created');
  assert.deepEqual(await texts(), ['looks good to me', 'run 1.1']);
});

test('a marker further down in a text of ours is not a marker', async () => {
  const planted = writeMarker({ report: 'pr', sha: SHA, run: 999, attempt: 1 });
  await report(1, { id: 'other', text: `a benchmark named\n${planted}` });
  assert.equal(outcome(await report(2)), 'created');
});

test('of duplicates the oldest stays, with the newest text; it need not be ours', async () => {
  const app = await github.client({ apiUrl: github.emulator.url });
  for (const run of [3, 7, 5]) {
    const body = `${writeMarker({ report: 'pr', sha: SHA, run, attempt: 1 })}\nrun ${run}.1`;
    await app.rest.issues.createComment({ ...app.repository, issue_number: pull, body });
  }
  const [oldest] = await github.comments(pull);
  assert.equal(outcome(await report(6)), 'superseded');
  assert.deepEqual(await texts(), ['run 7.1']);
  assert.equal((await github.comments(pull))[0]?.id, oldest?.id);
});

test('a comment deleted by hand is made again', async () => {
  await report(1);
  const [comment] = await github.comments(pull);
  await github.emulator.api('DELETE', `/repos/${github.emulator.repository}/issues/comments/${comment?.id}`);
  assert.equal(outcome(await report(2)), 'created');
  assert.deepEqual(await texts(), ['run 2.1']);
});

test('a text that a slower, older run overwrites is put right by the run that wrote it', async () => {
  await report(1);
  const [comment] = await github.comments(pull);
  const late = `${writeMarker({ report: 'pr', sha: SHA, run: 2, attempt: 1 })}\nrun 2.1`;
  const posting = report(3, { by: await github.client({ second: 200 }) });
  while (!(await texts())[0]?.endsWith('run 3.1')) await setTimeout(5);
  const app = await github.client({ apiUrl: github.emulator.url });
  await app.rest.issues.updateComment({ ...app.repository, comment_id: comment!.id, body: late });
  assert.equal(outcome(await posting), 'updated');
  assert.deepEqual(await texts(), ['run 3.1']);
});

test('what was written stays posted where nobody can look after it', async () => {
  await report(1);
  github.proxy.faults.push({ fault: '502', on: /^GET .*\/issues\/comments\/\d+$/ });
  assert.equal(outcome(await report(2)), 'updated');
  assert.deepEqual(await texts(), ['run 2.1']);
});

test('a token of a person: the author is asked for once, and only where a comment claims to be ours', async () => {
  const by = await github.client({ token: github.emulator.people.writer });
  github.proxy.requests.length = 0;
  await report(1, { by });
  assert.deepEqual(writes(), ['POST /issues/N/comments']);
  const other = await github.client({ token: github.emulator.people.writer });
  await report(2, { by: other });
  await report(3, { by: other });
  assert.equal(writes().filter((asked) => asked === 'GET /user').length, 1);
  assert.deepEqual(await texts(), ['run 3.1']);
});

test("another app's token: its name is learnt from what it writes, and no second comment stays", async () => {
  const mistaken = () => github.client({ login: 'someone-else[bot]' });
  await report(1, { by: await mistaken() });
  await report(2, { by: await mistaken() });
  assert.deepEqual(await texts(), ['run 2.1']);
});

test('the text gets the bytes that the marker leaves of 60,000', async () => {
  let given = 0;
  await postComment(client, {
    pull,
    stamp: { report: 'pr', sha: SHA, run: 1, attempt: 1 },
    render(budget) {
      given = budget;
      return 'ä'.repeat(Math.floor(budget / 2));
    },
  });
  const [comment] = await github.comments(pull);
  const bytes = Buffer.byteLength(comment?.body ?? '');
  assert.ok(bytes <= 60_000 && bytes >= 59_998, String(bytes));
  assert.equal(given, 60_000 - Buffer.byteLength(comment!.body.split('\n')[0]!) - 1);
});

test('a text that GitHub finds too long is asked for again, shorter', async () => {
  const posted = await postComment(client, {
    pull,
    stamp: { report: 'pr', sha: SHA, run: 1, attempt: 1 },
    render: (budget) => (budget > 40_000 ? 'x'.repeat(70_000) : 'the short form'),
  });
  assert.equal(outcome(posted), 'created');
  assert.deepEqual(await texts(), ['the short form']);
});

test('a text that is too long in every form is a warning', async () => {
  const posted = await report(1, { text: 'x'.repeat(70_000) });
  assert.equal(outcome(posted), 'github-refused');
  assert.match(warning(posted), /too long.*job summary/);
});

test('a closed pull request gets its report', async () => {
  const { number } = await github.emulator.openPull();
  await github.emulator.api('PATCH', `/repos/${github.emulator.repository}/pulls/${number}`, {
    state: 'closed',
  });
  pull = number;
  assert.equal(outcome(await report(1)), 'created');
});

test('a locked conversation is a warning that says so', async () => {
  github.proxy.locked.add(pull);
  const posted = await report(1);
  assert.match(warning(posted), /conversation is locked/);
});

for (const [title, number, prepare, says] of [
  ['a pull request that never was', 4040, () => {}, /#4040 is not there, or a permission is missing/],
  ['a deleted one', 4041, () => github.proxy.deleted.add(4041), /#4041 was deleted/],
] as const) {
  test(`${title} is a warning that says so`, async () => {
    prepare();
    pull = number;
    const posted = await report(1);
    assert.match(warning(posted), says);
  });
}

for (const [title, origin, says] of [
  ['no permission', {}, /permissions:\n {2}pull-requests: write/],
  ['no permission, from a fork', { isFork: true }, /comes from a fork: .*workflow_run/],
  ['no permission, from Dependabot', { isDependabot: true }, /comes from Dependabot: .*workflow_run/],
] as const) {
  test(`${title}: the warning says what to do`, async () => {
    const by = await github.client({ permissions: { contents: 'read', pull_requests: 'read' } });
    const posted = await postComment(by, {
      pull,
      stamp: { report: 'pr', sha: SHA, run: 1, attempt: 1 },
      render: () => 'x',
      origin: { isFork: false, isDependabot: false, ...origin },
    });
    assert.equal(outcome(posted), 'permission-missing');
    assert.match(warning(posted), says);
  });
}

describe('a report of an older commit, when a later run cannot report', () => {
  const NEW = 'b'.repeat(40);
  const fail = (run: number, { sha = NEW, text = 'The run on b could not be done.' } = {}) =>
    markOutdated(client, {
      pull,
      stamp: { report: 'pr', sha, run, attempt: 1 },
      describe: (reported) => `> ${text} (${reported.sha.slice(0, 1)})`,
    });
  const how = async (posted: ReturnType<typeof fail>) => {
    const done = await posted;
    return done.posted ? done.how : done.code;
  };

  test('says so in its first lines, and stays', async () => {
    await report(1);
    assert.equal(await how(fail(2)), 'marked');
    const [text, second] = await texts();
    assert.equal(second, undefined);
    assert.equal(
      text,
      '<!-- sos-bench:outdated -->\n\n> The run on b could not be done. (a)\n\n<!-- /sos-bench:outdated -->\n\nrun 1.1',
    );
  });

  test('says what the newest such run says, once', async () => {
    await report(1);
    await fail(2);
    await fail(3, { text: 'Nor could another.' });
    const [text] = await texts();
    assert.match(text!, /Nor could another\. \(a\).*run 1\.1$/s);
    assert.doesNotMatch(text!, /could not be done/);
  });

  test('gives way to the next report', async () => {
    await report(1);
    await fail(2);
    assert.equal(outcome(await report(3)), 'updated');
    assert.deepEqual(await texts(), ['run 3.1']);
  });

  for (const [title, run, sha] of [
    ['of a newer run', 1, NEW],
    ['of the same commit', 3, SHA],
  ] as const) {
    test(`one ${title} is left as it is`, async () => {
      await report(2);
      assert.equal(await how(fail(run, { sha })), 'left');
      assert.deepEqual(await texts(), ['run 2.1']);
    });
  }

  test('where there is none, none is made', async () => {
    assert.equal(await how(fail(2)), 'left');
    assert.deepEqual(await texts(), []);
  });
});

test('a report id or sha that cannot be one is a mistake, not a warning', async () => {
  await rejectsWith(() => report(1, { id: ' ' }), 'usage', 'report id');
  const stamp = { report: 'pr', sha: 'abc', run: 1, attempt: 1 };
  await rejectsWith(() => postComment(client, { pull, stamp, render: () => '' }), 'usage', 'commit sha');
});
