/** Which version of a plan is followed, by where the file lies and who could have written it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { fetchBaseFile } from '../../src/action/steps/base-file.ts';
import { findGivenPlan } from '../../src/action/steps/given-plan.ts';
import type { Client } from '../../src/github/client.ts';
import type { Plan } from '../../src/suite/plan.ts';
import { planSample } from '../../src/suite/sample.ts';
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
  client: Client | null = null,
) {
  const world = {
    cwd: workspace,
    environment: { PATH: process.env.PATH, RUNNER_TEMP: join(folder, `temp-${count}`) },
    now: () => new Date(),
    onInterrupt: () => () => undefined,
  };
  const subject = { sha: null, base: toward === null ? null : { sha: toward, branch: 'main' } };
  const found = await findGivenPlan(plan, world, { client }, subject);
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

test('a repository inside of the change (a submodule) is refused: its commit is the change to choose', async () => {
  const workspace = checkout();
  rmSync(join(workspace, 'plans'), { recursive: true });
  await commit(join(workspace, 'plans'), { 'plan.json': text(plans.own) });
  // The base has a file of the name that it has in there.
  const fake = fakeClient(text(plans.own));
  await rejectsWith(
    () => find(workspace, 'plans/plan.json', base, fake),
    'usage',
    "plans/plan.json is part of the pull request's own checkout",
  );
});

test('a checkout of the base beside the change is taken as it is', async () => {
  const workspace = checkout();
  cpSync(origin, join(workspace, 'base'), { recursive: true });
  await git(join(workspace, 'base'), 'checkout', '--quiet', base);
  const { version, notes } = await find(workspace, 'base/plans/plan.json');
  assert.deepEqual([version, notes], ['base', []]);
});

test('what an earlier step made, or lies elsewhere, is taken as it is', async () => {
  const workspace = checkout();
  write(workspace, { 'artifact/plan.json': text(plans.own) });
  assert.equal((await find(workspace, 'artifact/plan.json')).version, 'own');
  write(folder, { 'disk/plan.json': text(plans.own) });
  assert.equal((await find(workspace, join(folder, 'disk', 'plan.json'))).version, 'own');
});

test('without any checkout there is nothing of the change to keep out', async () => {
  const workspace = checkout();
  rmSync(join(workspace, '.git'), { recursive: true });
  assert.equal((await find(workspace)).version, 'own');
});

test('where the base commit is not here and there is no token, it is refused', async () => {
  await rejectsWith(() => find(checkout(), 'plans/plan.json', 'e'.repeat(40)), 'usage', 'path: base');
});

test('a repository that git does not open may hide a change, and is refused', async () => {
  const workspace = checkout();
  renameSync(join(workspace, '.git', 'objects'), join(workspace, '.git', 'gone'));
  await rejectsWith(() => find(workspace), 'usage', 'own checkout');
});

test('a file of more than a megabyte, of which GitHub gives no content, is asked for as a blob', async () => {
  const large = 'x'.repeat(2_000_000);
  const { content } = await fetchBaseFile(fakeClient(large), 'plan.json', { sha: base, branch: null });
  assert.equal(content, large);
});
