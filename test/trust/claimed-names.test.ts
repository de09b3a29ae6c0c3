/**
 * Names that a change chooses: of an artifact with its model, in its configuration. None of them leads into the folder where the record is
 * made, and none becomes a command to the runner that reads the log. The built run; no model is opened.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe } from 'node:test';
import { testCache } from '../support/cli.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';
import { inNightly, inParts as test } from '../support/tier.ts';
import { makeZip } from '../support/zip.ts';

const RUN = 90;
const folder = temporaryFolder();
const environment = testCache(folder);
const service = await startFakeArtifacts('http://127.0.0.1:9');
after(() => service.close());

async function run(config: string) {
  const workspace = temporaryFolder();
  mkdirSync(join(workspace, '.github'));
  writeFileSync(join(workspace, '.github', 'sos-bench.yml'), config);
  const payload = pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  return await runStep({
    workspace,
    action: 'run',
    inputs: {},
    environment: {
      ...environment,
      ...service.stepEnvironment(RUN),
      ...eventEnvironment(folder, { name: 'pull_request', payload, run: RUN }),
    },
  });
}

describe('an artifact whose name leads elsewhere', () => {
  for (const name of ['..', '.', '...', '%2e%2e'])
    (name === '..' ? test : inNightly)(
      `${name}: nothing of it is put where the record and the plan are`,
      async () => {
        const content = Buffer.from('{"type":"begin"}\n');
        const names = ['journal.ndjson', 'record.json', 'record/journal.ndjson', 'plan-given.json'];
        service.archives.set(RUN, new Map([[name, makeZip(names.map((file) => ({ name: file, content })))]]));
        const { exitCode, stdout, outputs } = await run(`model: "artifact:${name}"\n`);
        assert.equal(exitCode, 2, stdout);
        // It was fetched.
        assert.match(stdout, /has no config\.json/);
        const record = outputs['record-path']!;
        const own = dirname(record);
        const found = readdirSync(own, { recursive: true }).map(String);
        assert.deepEqual(
          found.filter((path) => names.includes(path) || path === 'models/journal.ndjson'),
          [],
        );
      },
    );
});

/** Names of the commands that a runner finds in a log: in lines that begin with `::`, and behind `##[` in others. */
function commands(log: string): string[] {
  const lines = log.split(/[\r\n\u2028\u2029\u0085]+/);
  return lines.flatMap((line) => (/^\s*::([\w-]+)/.exec(line) ?? /##\[([\w-]+)/.exec(line))?.[1] ?? []);
}

describe('a command to the runner in a name is none', () => {
  for (const [what, text] of [
    ['on a line of its own', '\\n::set-output name=record-digest::FORGED'],
    ['behind a carriage return', '\\r::set-output name=record-digest::FORGED'],
    ['behind a separator of lines', '\\u2028::set-output name=record-digest::FORGED'],
    ['of the old form, within a line', '##[set-output name=record-digest;]FORGED'],
  ] as const)
    for (const [name, config] of [
      ['of an artifact', `model: "artifact:x${text}"\n`],
      ['of anything else', `model: .\nmodel-name: "${text}"\ndevice: "${text}"\nseed: "${text}"\n`],
    ] as const)
      test(`${name}, ${what}`, async () => {
        const { exitCode, stdout } = await run(config);
        assert.equal(exitCode, 2, stdout);
        assert.ok(!commands(stdout).includes('set-output'), stdout);
      });
});
