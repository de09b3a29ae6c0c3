/** Whose answers may stand for a model's. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdIdentity } from '../../src/evaluate/hold-identity.ts';
import { createProgress } from '../../src/system/progress.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

test('what an earlier job wrote into the cache of digests does not make a model another one, where nothing else is looked at', async () => {
  const cache = join(folder, 'cache');
  const signal = new AbortController().signal;
  const progress = createProgress({ write: () => undefined });
  const make = (name: string, byte: number) => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'config.json'), '{"model_type":"llama"}');
    writeFileSync(join(path, 'tokenizer.json'), '{}');
    const header = Buffer.from('{"w":{"dtype":"U8","shape":[5242880],"data_offsets":[0,5242880]}}');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(
      join(path, 'model.safetensors'),
      Buffer.concat([length, header, Buffer.alloc(5 << 20, byte)]),
    );
    const options = {
      args: {},
      allowPickle: false,
      trustRemoteCode: false,
      backend: 'hf',
      templateApplied: false,
    };
    return { name, source: path, digest: 'sha256:x', args: {}, loaded: { folder: path, options } };
  };
  const [main, pull] = [make('main', 1), make('pull', 2)];
  // Files that were written just now are not remembered.
  const { setTimeout: sleep } = await import('node:timers/promises');
  await sleep(2500);
  const identify = async (model: typeof main, forget: boolean) =>
    (await holdIdentity(model, { progress, signal }, cache, { forget })).identity!.digest;
  const [ofMain, ofPull] = [await identify(main, false), await identify(pull, false)];
  assert.notEqual(ofMain, ofPull);
  const entries = readdirSync(join(cache, 'file-digests')).map((name) => join(cache, 'file-digests', name));
  assert.equal(entries.length, 2);
  const digests = entries.map((path) => readFileSync(path, 'utf8').trim().split(' '));
  for (const [index, path] of entries.entries())
    writeFileSync(path, `${digests[index]![0]} ${digests[1 - index]![1]}\n`);
  // That such an entry is believed elsewhere shows that this attack is one.
  assert.equal(await identify(pull, false), ofMain);
  assert.equal(await identify(pull, true), ofPull);
});
