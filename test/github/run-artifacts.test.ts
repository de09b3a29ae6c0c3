/** Artifacts of this run and of another one, which have to arrive as they were uploaded. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { artifactsOfRun, ownArtifacts, type RunArtifacts } from '../../src/github/artifacts/run-artifacts.ts';
import { createClient } from '../../src/github/client.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const RUN = 7;
const NAME = 'sos-bench-record';
const NO_EMULATOR = 'http://127.0.0.1:9';
const folder = temporaryFolder();
const content = Buffer.from('an archive');
let service: FakeArtifacts;

before(async () => {
  service = await startFakeArtifacts(NO_EMULATOR);
  service.archives.set(RUN, new Map([[NAME, content]]));
  Object.assign(process.env, service.stepEnvironment(RUN));
});
after(() => service.close());
beforeEach(() => service.details.clear());

const SOURCES: [string, () => RunArtifacts][] = [
  ['this run', () => ownArtifacts(folder)],
  [
    'another run',
    () => {
      const repository = { repository: 'octo/models', apiUrl: service.url };
      return artifactsOfRun(createClient({ token: 't', ...repository, second: 10 }), RUN);
    },
  ],
];

for (const [whose, open] of SOURCES) {
  /** Lists the artifact with such a digest, and downloads it. */
  async function download(digest?: string | null): Promise<Buffer> {
    if (digest !== undefined) service.details.set(`${RUN}/${NAME}`, { digest });
    const artifacts = open();
    const [artifact, other] = await artifacts.list();
    assert.equal(other, undefined);
    return await artifacts.download(artifact!);
  }

  test(`of ${whose}: the bytes that were uploaded`, async () => {
    assert.deepEqual(await download(), content);
  });

  test(`of ${whose}, with other bytes than GitHub took a digest of: refused, and nothing is kept`, async () => {
    await rejectsWith(
      () => download(`sha256:${'0'.repeat(64)}`),
      'record-invalid',
      `artifact ${NAME} is not what was uploaded`,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  test(`of ${whose}, of which GitHub tells no digest: taken as they come`, async () => {
    assert.deepEqual(await download(null), content);
  });
}

for (const [what, environment, code] of [
  ['cannot be reached', { ACTIONS_RESULTS_URL: `${NO_EMULATOR}/` }, 'github-unreachable'],
  ['gives this step no token', { ACTIONS_RUNTIME_TOKEN: 'none' }, 'github-refused'],
] as const) {
  test(`of this run, where the service ${what}: ${code}, and that not every server has it`, async () => {
    const before = { ...process.env };
    Object.assign(process.env, environment);
    await rejectsWith(
      () => ownArtifacts(folder).list(),
      code,
      'could not list the artifacts of this run',
      'GitHub Enterprise Server',
    );
    Object.assign(process.env, before);
  });
}
