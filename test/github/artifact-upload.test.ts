/** Names of artifacts that are taken: the real client of @actions/artifact against an emulated service. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { loadArtifactClient, uploadArtifact } from '../../src/github/artifacts/upload.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const NAME = 'sos-bench-flips-sos-bench';
const root = temporaryFolder();
let service: FakeArtifacts;
let run = 100;

before(async () => {
  service = await startFakeArtifacts('http://127.0.0.1:1');
});
beforeEach(() => {
  Object.assign(process.env, service.stepEnvironment(++run));
  service.reserved.clear();
  service.failUploads = false;
});
after(() => service.close());

async function upload(text: string, beside = false): Promise<void> {
  const file = join(root, 'flips.json');
  writeFileSync(file, text);
  await uploadArtifact(await loadArtifactClient(), { name: NAME, files: [file], root, beside });
}
function reserve(...names: string[]): void {
  for (const name of names) service.reserved.add(`${run}/${name}`);
}
const left = () => [...(service.archives.get(run) ?? new Map()).keys()];

const SCRIPTS: [string, () => Promise<void>, string[]][] = [
  ['a name that is free', () => upload('a'), [NAME]],
  [
    'one that an unfinished upload keeps: the next',
    async () => {
      reserve(NAME);
      await upload('a');
    },
    [`${NAME}-2`],
  ],
  [
    'two such names: the one after',
    async () => {
      reserve(NAME, `${NAME}-2`);
      await upload('a');
    },
    [`${NAME}-3`],
  ],
  [
    'what an earlier attempt left is replaced',
    async () => {
      await upload('a');
      await upload('b');
    },
    [NAME],
  ],
  [
    'also under the next name',
    async () => {
      reserve(NAME);
      await upload('a');
      await upload('b');
    },
    [`${NAME}-2`],
  ],
  [
    'it stays where it has to, beside the next',
    async () => {
      await upload('a', true);
      await upload('b', true);
    },
    [NAME, `${NAME}-2`],
  ],
  [
    'and so does the next of a name that is kept',
    async () => {
      reserve(NAME);
      await upload('a', true);
    },
    [`${NAME}-2`],
  ],
];
for (const [title, script, expected] of SCRIPTS) {
  test(title, async () => {
    await script();
    assert.deepEqual(left(), expected);
  });
}

test('an upload that fails for another reason is told, and tried under no other name', async () => {
  service.failUploads = true;
  await rejectsWith(() => upload('a'), 'github-refused', 'could not upload artifact');
  assert.deepEqual(left(), []);
});
