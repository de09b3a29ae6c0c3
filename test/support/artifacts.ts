import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { loadArtifactClient } from '../../src/github/artifacts/upload.ts';
import { createClient } from '../../src/github/client.ts';
import { type ArtifactUploads, artifactStore } from '../../src/history/backends/artifact-store.ts';
import type { Entry } from '../../src/history/store/entry.ts';
import type { RecordFiles, Store } from '../../src/history/store/store.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { writeRecord } from '../../src/record/write.ts';
import { type EmulatedGitHub, startEmulator } from './emulator.ts';
import { entryOf, shaOf } from './entries.ts';
import { type FakeArtifacts, type FakeRun, startFakeArtifacts } from './fake-artifacts.ts';
import { makeRecord } from './records.ts';
import { makeZip } from './zip.ts';

export interface ArtifactRuntime {
  emulator: EmulatedGitHub;
  service: FakeArtifacts;
  token: string;
  /** A store as a job has one; the real client of @actions/artifact uploads from `run`. */
  store(run?: number, uploads?: Partial<ArtifactUploads>): Store;
  /** An entry of a push to main of the repository. */
  entry(number: number, change?: Partial<Entry>): Entry;
  /** A whole record of that commit. */
  files(number: number): Promise<RecordFiles>;
  /** Leaves a baseline and its point of the trend, as a run of a push to main of that commit uploads them. */
  leave(number: number, options?: { run?: FakeRun; entry?: Partial<Entry>; created?: Date }): Promise<number>;
}

/** The emulator of GitHub behind the fake artifact service, gone after the test file. */
export async function startArtifacts(folder: string): Promise<ArtifactRuntime> {
  const emulator = await startEmulator();
  const service = await startFakeArtifacts(emulator.url);
  after(async () => {
    service.close();
    await emulator.close();
  });
  const token = await emulator.appToken();
  let runs = 100;
  const runtime: ArtifactRuntime = {
    emulator,
    service,
    token,
    store(run, uploads) {
      if (run !== undefined) Object.assign(process.env, service.stepEnvironment(run));
      const client = createClient({ token, repository: 'octo/models', apiUrl: service.url, second: 10 });
      return artifactStore(client, {
        uploads: { client: loadArtifactClient, folder: join(folder, `stage-${run}`), ...uploads },
      });
    },
    entry: (number, change) => entryOf(number, { repository: 'octo/models', ...change }),
    async files(number) {
      const path = join(folder, `record-${number}`);
      const { record, items } = makeRecord({
        model: `m${number}`,
        benchmarks: { gpqa: { scores: [1, 0, 1, 1] } },
        edit: (made) => Object.assign(made, { commit: shaOf(number) }),
      });
      await writeRecord(path, record, items);
      const paths = recordPaths(path);
      return {
        record: readFileSync(paths.record),
        items: readFileSync(paths.items),
        plan: null,
        answers: null,
        verdict: null,
      };
    },
    async leave(number, { run: said, entry: change, created = new Date() } = {}) {
      const run = runs++;
      const entry = runtime.entry(number, change);
      const files = await runtime.files(number);
      const member = { name: 'entry.json', content: Buffer.from(JSON.stringify(entry)) };
      service.runs.set(run, { sha: shaOf(number), ...said });
      service.archives.set(
        run,
        new Map([
          [
            `sos-bench-baseline-${shaOf(number)}`,
            makeZip([
              member,
              { name: 'record.json', content: Buffer.from(files.record) },
              { name: 'items.parquet', content: Buffer.from(files.items!) },
            ]),
          ],
          [`sos-bench-trend-${shaOf(number)}`, makeZip([member])],
        ]),
      );
      for (const kind of ['baseline', 'trend']) {
        service.details.set(`${run}/sos-bench-${kind}-${shaOf(number)}`, { created });
      }
      return run;
    },
  };
  return runtime;
}
