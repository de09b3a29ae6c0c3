/**
 * A change may link to a file of the machine. What is in it stands in no log and in no record, which are read by others: the built run and
 * the real Python.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { runStep } from '../support/runner.ts';
import { inE2e, inNightly, inParts } from '../support/tier.ts';

const SECRET = 'ghp_Secret0Secret1Secret2';
/** No shape of a secret, which is told nowhere. */
const WORDS = 'what only this file says';
const TEMPLATE = '{% for message in messages %}{{ message.content }}{% endfor %}';
const disk = realpathSync(temporaryFolder());
const environment = testCache(disk);
const model = await makeTinyModel(await testPython(), join(disk, 'model'));
writeQuestions(join(disk, 'data'), 'xstest/test', xstestQuestions(8));

async function run(workspace: string, inputs: Record<string, string>) {
  const payload = pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  return await runStep({
    workspace,
    action: 'run',
    inputs: {
      ...{ 'model-args': 'dtype=float32', device: 'cpu' },
      ...{ 'datasets-dir': join(disk, 'data'), benchmarks: 'xstest' },
      ...inputs,
    },
    environment: { ...environment, ...eventEnvironment(disk, { name: 'pull_request', payload, run: 1 }) },
  });
}

function put(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('a plan of the workspace that is a link', () => {
  for (const [what, target] of [
    ['a secret', put(join(disk, 'token'), `{"planHash": ${SECRET}`)],
    ['a secret that is JSON', put(join(disk, 'auths.json'), `{"${SECRET}": "${SECRET}"}`)],
    ['the environment of the process', '/proc/self/environ'],
    ['what never ends', '/dev/zero'],
  ] as const)
    inParts(`to ${what}: not read, also where the workflow has a hash for it`, async () => {
      const workspace = temporaryFolder();
      symlinkSync(target, join(workspace, 'plan.json'));
      const { exitCode, stdout, stderr } = await run(workspace, {
        ...{ model, plan: 'plan.json', 'plan-hash': 'a'.repeat(64) },
      });
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /plan\.json is not read: .*plan\.json is a link/);
      assert.ok(!`${stdout}${stderr}`.includes(SECRET.slice(0, 8)), stdout);
    });

  inParts('and one that is not a plan: nothing of it is told', async () => {
    const workspace = temporaryFolder();
    put(join(workspace, 'plan.json'), `{"planHash": ${SECRET}`);
    const { exitCode, stdout } = await run(workspace, {
      ...{ model, plan: 'plan.json', 'plan-hash': 'a'.repeat(64) },
    });
    assert.equal(exitCode, 2, stdout);
    assert.match(stdout, /not whole JSON/);
    assert.ok(!stdout.includes(SECRET.slice(0, 8)), stdout);
  });
});

/** Puts a model's chat template somewhere; a link in its folder leads there. */
const TEMPLATES: [title: string, place: (model: string, workspace: string) => string, isTold: boolean][] = [
  ["git's own file, with a token", (_, workspace) => join(workspace, '.git', 'config'), false],
  ['a hidden file of its folder', (folder) => join(folder, '.env'), false],
  ['a file of the machine', () => join(disk, 'etc', 'token'), false],
  ['another file of its folder', (folder) => join(folder, 'templates', 'chat.jinja'), true],
  [
    "a file of the Hub's cache",
    (_, workspace) => join(workspace, '..', 'hub', 'models--o--n', 'blobs', 'c'.repeat(40)),
    true,
  ],
];

describe('a chat template that is a link', () => {
  for (const [index, [what, place, isTold]] of TEMPLATES.entries()) {
    const register = index === 0 ? inE2e : inNightly;
    register(`to ${what}: its text is ${isTold ? 'shown' : 'not'} in the record`, async () => {
      const workspace = join(realpathSync(temporaryFolder()), 'workspace');
      const own = join(workspace, 'model');
      cpSync(model, own, { recursive: true });
      symlinkSync(put(place(own, workspace), `${TEMPLATE}${WORDS}\n`), join(own, 'chat_template.jinja'));
      const { exitCode, stdout, outputs } = await run(workspace, { model: 'model' });
      assert.equal(exitCode, 0, stdout);
      const folder = outputs['record-path']!;
      const { subject } = (await readRecord(folder)).record;
      assert.match(subject.chatTemplateSha256 ?? '', /^[0-9a-f]{64}$/);
      assert.equal(subject.chatTemplate?.includes(WORDS) ?? false, isTold);
      assert.equal(readFileSync(join(folder, 'journal.ndjson'), 'utf8').includes(WORDS), isTold);
    });
  }
});
