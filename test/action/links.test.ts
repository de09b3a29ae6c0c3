/** Where the links of a report lead, by what the runner says; and whether the bot's commands are named. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Connection } from '../../src/action/connection.ts';
import { findBot, lookForBot } from '../../src/action/steps/publish/find-bot.ts';
import { linksOf } from '../../src/action/steps/publish/links.ts';
import type { ReportTarget } from '../../src/action/steps/publish/publish.ts';
import type { Client } from '../../src/github/client.ts';
import { keepsWaivers } from '../../src/history/store/open-store.ts';
import type { Verdict } from '../../src/verdict/schema.ts';

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
      const { docs, program } = links({ GITHUB_ACTION_REPOSITORY: 'sos/action', GITHUB_ACTION_REF: ref });
      assert.equal(docs, isLinked ? `https://github.com/sos/action/blob/${ref}/docs/comment.md` : undefined);
      assert.equal(program, isLinked ? `https://github.com/sos/action/tree/${ref}` : undefined);
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
    test(`${what}: ${isBot ? 'yes' : 'no'}`, () =>
      assert.equal(lookForBot(text, 'answers-comments').isThere, isBot));
});

describe('whether the bot is installed, by the workflows of the default branch:', () => {
  const bot = 'on: workflow_call\njobs: {a: {steps: [{uses: o/r/bot@v1}]}}';
  const caller = (uses: string, on = 'issue_comment') => `on: ${on}\njobs: {a: {uses: '${uses}'}}`;
  const CASES: [what: string, files: Record<string, string>, isThere: boolean, reads?: number][] = [
    ['its own workflow', { 'team/model bot.yml': bot.replace('workflow_call', 'issue_comment') }, true, 1],
    [
      'a workflow of the repository that it calls',
      { 'team/model chat.yml': caller('./.github/workflows/x.yml'), 'team/model x.yml': bot },
      true,
    ],
    [
      'a workflow of another repository that it calls',
      {
        'team/model chat.yml': caller('team/ci/.github/workflows/x.yml@v2'),
        'team/ci x.yml': bot,
      },
      true,
    ],
    [
      'a workflow that the called one calls, where it lies',
      {
        'team/model chat.yml': caller('team/ci/.github/workflows/x.yml@v2'),
        'team/ci x.yml': caller('./.github/workflows/y.yml', 'workflow_call'),
        'team/ci y.yml': bot,
      },
      true,
    ],
    ['none where comments start nothing', { 'team/model x.yml': bot }, false],
    [
      'none where what is called cannot be read',
      { 'team/model chat.yml': caller('team/secret/.github/workflows/x.yml@v2') },
      false,
    ],
    [
      'none, and an end, where workflows call each other in a circle',
      {
        'team/model chat.yml': caller('./.github/workflows/x.yml'),
        'team/model x.yml': caller('./.github/workflows/x.yml', 'workflow_call'),
      },
      false,
      3,
    ],
  ];
  for (const [what, files, isThere, reads] of CASES)
    test(what, async () => {
      const { client, read } = fakeContents(files);
      const found = await findBot(
        { client, event: { defaultBranch: 'main' } as Connection['event'] },
        { pull: { number: 5 } } as unknown as ReportTarget,
        { factors: [{ outcome: 'regressed' }], benchmarks: [] } as unknown as Verdict,
      );
      assert.equal(found, isThere);
      if (reads !== undefined) assert.equal(read.length, reads, read.join());
    });
});

/** Contents of repositories, by `OWNER/REPO FILE` of their folder of workflows. */
function fakeContents(files: Record<string, string>): { client: Client; read: string[] } {
  const folder = '.github/workflows';
  const read: string[] = [];
  const getContent = async ({ owner, repo, path }: { owner: string; repo: string; path: string }) => {
    const names = Object.keys(files).filter((name) => name.startsWith(`${owner}/${repo} `));
    if (path === folder) return { data: names.map((name) => ({ path: `${folder}/${name.split(' ')[1]}` })) };
    const name = `${owner}/${repo} ${path.slice(folder.length + 1)}`;
    read.push(name);
    if (files[name] === undefined) throw Object.assign(new Error('Not Found'), { status: 404 });
    return { data: { content: Buffer.from(files[name]).toString('base64') } };
  };
  const repository = { owner: 'team', repo: 'model' };
  return { client: { repository, rest: { repos: { getContent } } } as unknown as Client, read };
}
