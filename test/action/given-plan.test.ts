/** Which version of a plan is followed, by where the file lies and who could have written it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { fetchBaseFile } from '../../src/action/trust/base-file.ts';
import { findGivenPlan } from '../../src/action/trust/given-plan.ts';
import type { Trust } from '../../src/action/trust/trust.ts';
import type { Client } from '../../src/github/client.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { temporaryFolder } from '../support/folder.ts';
import { taskInventory } from '../support/inventories.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const inventory = [{ id: 'cdna', reason: null, tasks: [taskInventory('sosb_cdna', { count: 900 })] }];
const plans = { base: planSample(1, inventory, design(0.08)), own: planSample(2, inventory, design(0.08)) };
const text = (plan: Plan) => JSON.stringify(plan);

/** A repository whose first commit, the base, has `plans/plan.json`, and whose second one, the change, has another version. */
const origin = join(folder, 'origin');
const base = await commit(origin, { 'plans/plan.json': text(plans.base) });
await commit(origin, { 'plans/plan.json': text(plans.own), 'own/plan.json': text(plans.own) });

async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  return (await execa('git', [...identity, ...args], { cwd })).stdout.trim();
}

async function commit(repository: string, files: Record<string, string>): Promise<string> {
  write(repository, files);
  await git(repository, 'init', '--quiet');
  await git(repository, 'add', '.');
  await git(repository, 'commit', '--quiet', '-m', 'commit');
  return await git(repository, 'rev-parse', 'HEAD');
}

function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** A fake of GitHub where every path is one file: up to a megabyte its content is given, of a larger one by its blob alone. */
function fakeClient(content: string): Client {
  const sha = 'b'.repeat(40);
  const encoded = Buffer.from(content).toString('base64');
  const file = { type: 'file', size: content.length, sha };
  const isSmall = content.length <= 2 ** 20;
  const rest = {
    repos: { getContent: async () => ({ data: { ...file, content: isSmall ? encoded : '' } }) },
    git: {
      getBlob: async (asked: { file_sha: string }) => {
        assert.equal(asked.file_sha, sha);
        return { data: { content: encoded } };
      },
    },
  };
  return { repository: { owner: 'octo', repo: 'models' }, rest } as unknown as Client;
}

let count = 0;

/** A workspace with the change checked out, and all commits. */
function checkout(): string {
  const workspace = join(folder, `workspace-${++count}`);
  cpSync(origin, workspace, { recursive: true });
  return workspace;
}

async function find(
  workspace: string,
  plan = 'plans/plan.json',
  toward: string | null = base,
  { client = null, hash = null }: { client?: Client | null; hash?: string | null } = {},
) {
  const runtime = {
    cwd: workspace,
    environment: { PATH: process.env.PATH, RUNNER_TEMP: join(folder, `temp-${count}`) },
    now: () => new Date(),
    onInterrupt: () => () => undefined,
  };
  const trust: Trust = {
    isChange: toward !== null,
    what: 'change',
    base: toward === null ? null : { sha: toward, branch: 'main' },
    expression: 'github.sha',
    notes: [],
  };
  const found = await findGivenPlan({ plan, hash, from: 'input' }, trust, { client }, runtime);
  const { planHash } = JSON.parse(readFileSync(found!.path, 'utf8')) as Plan;
  const version = planHash === plans.base.planHash ? 'base' : 'own';
  return { ...found!, version };
}

test('of a push the file is followed as it is', async () => {
  assert.equal((await find(checkout(), 'plans/plan.json', null)).version, 'own');
});

test("of a change the base's is followed, which is said", async () => {
  const { version, suite, notes } = await find(checkout());
  assert.deepEqual([version, suite], ['base', 'pr']);
  assert.match(notes.join(), /This change edits plans\/plan\.json/);
});

test('a file that only looks otherwise (line ends, blanks) is not called edited', async () => {
  const workspace = checkout();
  write(workspace, { 'plans/plan.json': JSON.stringify(plans.base, null, 1) });
  assert.deepEqual((await find(workspace)).notes, []);
});

test("one that the change removed is followed as the base's, too", async () => {
  const workspace = checkout();
  rmSync(join(workspace, 'plans'), { recursive: true });
  assert.equal((await find(workspace)).version, 'base');
});

test("folders and files that the change made links to others are the base's under that name", async () => {
  const workspace = checkout();
  rmSync(join(workspace, 'plans'), { recursive: true });
  symlinkSync('own', join(workspace, 'plans'));
  assert.equal((await find(workspace)).version, 'base');
});

test("where the change made its folder a repository of its own (a submodule), the base's file of that name is followed", async () => {
  const workspace = checkout();
  rmSync(join(workspace, 'plans'), { recursive: true });
  await commit(join(workspace, 'plans'), { 'plan.json': text(plans.own) });
  assert.equal((await find(workspace)).version, 'base');
});

test('a checkout of the base beside the change is followed', async () => {
  const workspace = checkout();
  cpSync(origin, join(workspace, 'base'), { recursive: true });
  await git(join(workspace, 'base'), 'checkout', '--quiet', base);
  const { version, notes } = await find(workspace, 'base/plans/plan.json');
  assert.deepEqual([version, notes], ['base', []]);
});

test("an edit in it that git's index hides is not", async () => {
  const workspace = checkout();
  cpSync(origin, join(workspace, 'base'), { recursive: true });
  await git(join(workspace, 'base'), 'checkout', '--quiet', base);
  await git(join(workspace, 'base'), 'update-index', '--assume-unchanged', 'plans/plan.json');
  write(workspace, { 'base/plans/plan.json': text(plans.own) });
  assert.equal((await find(workspace, 'base/plans/plan.json')).version, 'base');
});

test('what an earlier step made in the workspace is refused, and taken where the workflow names its hash', async () => {
  const workspace = checkout();
  write(workspace, { 'artifact/plan.json': text(plans.own) });
  await rejectsWith(() => find(workspace, 'artifact/plan.json'), 'claimed-path', 'plan-hash');
  const { planHash } = plans.own;
  const found = await find(workspace, 'artifact/plan.json', base, { hash: planHash });
  assert.deepEqual([found.version, found.hash, found.path.startsWith(workspace)], ['own', planHash, false]);
});

test('a plan of another hash than the workflow names is refused, wherever it lies', async () => {
  const workspace = checkout();
  write(folder, { 'disk/plan.json': text(plans.own) });
  const elsewhere = join(folder, 'disk', 'plan.json');
  for (const plan of ['plans/plan.json', elsewhere])
    await rejectsWith(() => find(workspace, plan, base, { hash: '0'.repeat(16) }), 'digest-mismatch', plan);
});

test('what lies outside the workspace is taken as it is, but not through a link of the change', async () => {
  const workspace = checkout();
  write(folder, { 'disk/plan.json': text(plans.own) });
  const elsewhere = join(folder, 'disk', 'plan.json');
  assert.equal((await find(workspace, elsewhere)).version, 'own');
  symlinkSync(elsewhere, join(workspace, 'plan.json'));
  await rejectsWith(() => find(workspace, 'plan.json'), 'claimed-path', 'has no such file');
});

test('without any checkout and without a token the file is refused', async () => {
  const workspace = checkout();
  rmSync(join(workspace, '.git'), { recursive: true });
  await rejectsWith(() => find(workspace), 'claimed-path', 'and the base cannot be read');
});

test('where the base commit is not here and there is no token, it is refused', async () => {
  const other = 'e'.repeat(40);
  await rejectsWith(() => find(checkout(), 'plans/plan.json', other), 'claimed-path', 'plan-hash');
});

test('a repository without its objects is not a witness', async () => {
  const workspace = checkout();
  renameSync(join(workspace, '.git', 'objects'), join(workspace, '.git', 'gone'));
  await rejectsWith(() => find(workspace), 'claimed-path', 'and the base cannot be read');
});

test('a file of more than a megabyte, of which GitHub gives no content, is asked for as a blob', async () => {
  const large = 'x'.repeat(2_000_000);
  const { content } = await fetchBaseFile(fakeClient(large), 'plan.json', { sha: base, branch: 'main' });
  assert.equal(content, large);
});
