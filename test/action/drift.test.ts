/** The built report action on a model that lost little since yesterday and too much since the last release. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { after } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

const workspace = temporaryFolder();
/** Outside the workspace: what a change is compared with must not be in its checkout. */
const disk = temporaryFolder();
const HEAD = 'a'.repeat(40);
const repository = { full_name: 'octo/models', default_branch: 'main' };
for (const [model, lost] of Object.entries({ release: 0, main: 40, now: 41, steady: 1 })) {
  const { record, items } = makeRecord({
    model,
    benchmarks: { gpqa: { scores: after(lost) } },
    edit: (made) => Object.assign(made, { commit: ['now', 'steady'].includes(model) ? HEAD : null }),
  });
  await writeRecord(join(model in { release: 0, main: 0 } ? disk : workspace, model), record, items);
}

const EVENTS: Record<string, { name: string; payload: object; ref?: string }> = {
  'a push to main': { name: 'push', payload: { after: HEAD, ref: 'refs/heads/main' } },
  'a nightly run': { name: 'schedule', payload: { schedule: '0 3 * * *' } },
  'a pull request': {
    name: 'pull_request',
    payload: {
      pull_request: {
        number: 7,
        state: 'open',
        user: { login: 'writer' },
        head: { sha: HEAD, ref: 'change', repo: repository },
        base: { sha: 'b'.repeat(40), ref: 'main', repo: repository },
      },
    },
  },
  'a merge group': {
    name: 'merge_group',
    payload: {
      merge_group: {
        head_sha: HEAD,
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
        base_sha: 'b'.repeat(40),
        base_ref: 'refs/heads/main',
      },
    },
  },
  'a push to another branch': { name: 'push', payload: { after: HEAD, ref: 'refs/heads/change' } },
};

async function report(what: string, inputs: Record<string, string>) {
  const { name, payload, ref } = EVENTS[what]!;
  const event = join(workspace, `${what.replaceAll(' ', '-')}.json`);
  writeFileSync(event, JSON.stringify({ ...payload, repository }));
  return await runStep({
    workspace,
    action: 'report',
    inputs: {
      store: 'none',
      suite: 'pr',
      seed: '1',
      baseline: join(disk, 'main'),
      anchor: join(disk, 'release'),
      ...inputs,
    },
    environment: {
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: ref ?? 'refs/heads/main',
      GITHUB_SHA: HEAD,
    },
  });
}

for (const [what, fails] of [
  ['a push to main', true],
  ['a nightly run', true],
  ['a pull request', false],
  ['a merge group', false],
  ['a push to another branch', false],
] as const) {
  test(`${what}: drift ${fails ? 'fails the step' : 'is said and fails nothing'}`, async () => {
    const { exitCode, stdout, outputs, summary } = await report(what, { record: './now' });
    assert.equal(exitCode, fails ? 1 : 0, stdout);
    assert.equal(outputs.passed, String(!fails));
    assert.equal(outputs.verdict, 'equivalent');
    assert.match(summary, /[Ss]ince release the model has lost 4\.1 points in world knowledge/);
    assert.equal(/The model has drifted/.test(summary), fails);
    if (fails) assert.match(stdout, /^::error title=SOS-Bench%3A equivalent::.*The model has drifted/m);
  });
}

test('a push to main without drift passes', async () => {
  const { exitCode, stdout } = await report('a push to main', { record: './steady' });
  assert.equal(exitCode, 0, stdout);
});
