/** Backend `local-completions`: the real harness asks a server (a fake one on loopback). */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { runCli } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { type FakeServer, startFakeCompletionsServer } from '../support/fake-completions-server.ts';
import { testPython } from '../support/python.ts';

describe('backend local-completions', () => {
  let folder: string;
  let server: FakeServer;
  let loaded: LoadedRecord;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sos-bench-server-'));
    server = await startFakeCompletionsServer();
    const tokenizer = await makeTinyModel(await testPython(), join(folder, 'tokenizer'));
    const args = `base_url=${server.url},tokenizer=${tokenizer},num_concurrent=1,max_length=4096`;
    const output = join(folder, 'record');
    const { exitCode, stderr } = await runCli(
      [
        ['run', '--backend', 'local-completions', '--model', 'served-model', '--model-args', args],
        ['--suite', 'mini', '--benchmarks', 'sgxstest,strongreject', '--output', output],
      ].flat(),
      { environment: { OPENAI_API_KEY: 'key-of-the-server', HF_TOKEN: 'token-of-the-hub' } },
    );
    assert.equal(exitCode, 0, stderr);
    loaded = await readRecord(output);
  });

  after(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('scores every item with the log-probabilities the server gave', () => {
    assert.equal(loaded.items.length, 26);
    assert.ok(server.requests() > 0);
    assert.ok(loaded.items.every(({ margin }) => margin !== null && margin !== 0));
  });

  test('records that a server was asked, and by which arguments', () => {
    const { environment, model, protocol } = loaded.record;
    assert.equal(environment!.device.type, 'server');
    assert.equal(model.source, 'local-completions:served-model');
    assert.match(model.digest!, /^arguments:[0-9a-f]{64}$/);
    assert.equal(protocol.backend, 'local-completions');
  });

  test("the server's key reaches the server; the Hub's token does not", () => {
    assert.deepEqual([...server.keys], ['Bearer key-of-the-server']);
  });
});
