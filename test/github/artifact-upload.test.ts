/** Names of artifacts that are taken: the real client of @actions/artifact against an emulated service. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { loadArtifactClient, uploadArtifact, uploadFile } from '../../src/github/artifacts/upload.ts';
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
  service.takesArchivesOnly = false;
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
/** Uploads a file that is in no archive; returns its id. */
async function uploadSingle(text: string, { beside = false, name = 'page' } = {}): Promise<number | null> {
  const writeAs = async (as: string) => {
    writeFileSync(join(root, as), text);
    return join(root, as);
  };
  return await uploadFile(await loadArtifactClient(), { name, extension: '.html', root, writeAs, beside });
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
  ['a single file: by its own name', async () => void (await uploadSingle('a')), ['page.html']],
  [
    'a single file whose name is kept: the number comes before the extension',
    async () => {
      reserve('page.html');
      await uploadSingle('a');
    },
    ['page-2.html'],
  ],
  [
    'a single file of an earlier attempt is replaced',
    async () => {
      await uploadSingle('a');
      await uploadSingle('b');
    },
    ['page.html'],
  ],
  [
    'or stays beside the new one',
    async () => {
      await uploadSingle('a', { beside: true });
      await uploadSingle('b', { beside: true });
    },
    ['page.html', 'page-2.html'],
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

test('a single file is kept as it is, as the kind of file that a browser shows', async () => {
  const id = await uploadSingle('<!DOCTYPE html>');
  assert.equal(id, 1);
  assert.equal(service.archives.get(run)!.get('page.html')!.toString(), '<!DOCTYPE html>');
  assert.equal(service.details.get(`${run}/page.html`)!.mimeType, 'text/html');
});

test('where the service takes archives alone, the file is in one', async () => {
  service.takesArchivesOnly = true;
  await uploadSingle('<!DOCTYPE html>');
  assert.deepEqual(left(), ['page']);
  assert.equal(service.archives.get(run)!.get('page')!.subarray(0, 2).toString(), 'PK');
});

test('a single file whose upload fails leaves nothing', async () => {
  service.failUploads = true;
  await rejectsWith(() => uploadSingle('a'), 'github-refused', 'could not upload artifact page');
  assert.deepEqual(left(), []);
});
