/** Where the links of a report lead, by what the runner says; and whether the bot's commands are named. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startsBot } from '../../src/action/steps/publish/find-bot.ts';
import { linksOf } from '../../src/action/steps/publish/links.ts';
import { keepsWaivers } from '../../src/history/store/open-store.ts';

const root = join(import.meta.dirname, '..', '..');
const runUrl = 'https://github.com/team/model/actions/runs/77';
const COMMIT = 'a'.repeat(40);

const links = (environment: Record<string, string>, found: Partial<Parameters<typeof linksOf>[2]> = {}) =>
  linksOf(
    { repository: 'team/model', runUrl },
    { environment },
    { commits: { baseline: null, candidate: COMMIT }, ...found },
  );

test('a report links its run, its artifacts and the commits that are known', () => {
  assert.deepEqual(
    links({}, { flips: 5, report: 'https://github.com/team/model/actions/runs/77/artifacts/6' }),
    {
      run: runUrl,
      flips: `${runUrl}/artifacts/5`,
      report: `${runUrl}/artifacts/6`,
      candidateCommit: `https://github.com/team/model/commit/${COMMIT}`,
    },
  );
});

describe('the page that says how to read it', () => {
  const PAGES: [what: string, ref: string, isLinked: boolean][] = [
    ['of a whole commit', 'b'.repeat(40), true],
    ['of a version', 'v0.2.0', true],
    ['of a branch, which moves', 'main', false],
    ['of a short commit', 'abc1234', false],
    ['of a folder of the checkout', '', false],
    ['of a branch that is called nearly like a version', 'v1-next', false],
  ];
  for (const [what, ref, isLinked] of PAGES)
    test(`${what} is ${isLinked ? '' : 'not '}linked`, () => {
      const { docs } = links({ GITHUB_ACTION_REPOSITORY: 'sos/action', GITHUB_ACTION_REF: ref });
      assert.equal(docs, isLinked ? `https://github.com/sos/action/blob/${ref}/docs/comment.md` : undefined);
    });

  test('is there', () => assert.ok(existsSync(join(root, 'docs/comment.md'))));
});

test('outside of GitHub there are no links', () => {
  const none = linksOf(
    { repository: null, runUrl: null },
    { environment: {} },
    { commits: { baseline: COMMIT, candidate: COMMIT }, flips: 5 },
  );
  assert.deepEqual(none, {});
});

describe('what `accept` writes', () => {
  for (const [store, keeps] of [
    ['branch', true],
    ['branch:scores', true],
    ['folder:/shared/sos-bench', true],
    ['artifacts', false],
    ['artifacts:team', false],
    ['none', false],
  ] as const)
    test(`store: ${store} ${keeps ? 'keeps' : 'does not keep'} it`, () =>
      assert.equal(keepsWaivers(store), keeps));
});

describe('a workflow that starts the bot', () => {
  const own = readFileSync(join(root, 'docs/workflows/bot.yml'), 'utf8');
  const CASES: [what: string, text: string, isBot: boolean][] = [
    ['the ready one', own, true],
    ['pinned to a commit', own.replace('@REF', `@${COMMIT}`), true],
    ['of a checkout', own.replace('OWNER/REPO/bot@REF', './bot'), true],
    ['with its events as a list', 'on: [issue_comment]\njobs: {a: {steps: [{uses: o/r/bot@v1}]}}', true],
    ['that answers no comments', own.replace('issue_comment', 'issues'), false],
    ['that starts another action', own.replace('/bot@', '/report@'), false],
    ['that names it in a comment alone', 'on: issue_comment\n# uses: o/r/bot@v1\njobs: {}', false],
    ['that is no YAML', 'on: [', false],
    ['that is empty', '', false],
  ];
  for (const [what, text, isBot] of CASES)
    test(`${what}: ${isBot ? 'yes' : 'no'}`, () => assert.equal(startsBot(text), isBot));
});
