import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { identifyModel } from '../../model/identity.ts';
import { LOCATING } from '../../model/model-files.ts';
import { parseModelSource } from '../../model/source.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { privateFolder } from '../private-folder.ts';
import type { ActionRuntime } from '../runtime.ts';
import { fetchArtifact } from '../steps/evaluate/fetch-artifact.ts';

/** Arguments that name a file within the model's own folder. */
const WITHIN: readonly string[] = ['subfolder', 'gguf_file', 'variant'];

/**
 * Whether the model of a candidate is the baseline's by its files as they are here, read whole: nothing that an earlier job said or left
 * counts. Which arguments it was loaded with the record says; they are hashed, so that others are another model.
 *
 * @param given `verify-model`, empty for nothing to look at.
 * @throws SosBenchError where it is given as what it cannot be.
 */
export async function knowsModel(
  given: string,
  { record }: LoadedRecord,
  baseline: LoadedRecord | null,
  runtime: ActionRuntime,
): Promise<boolean> {
  const wanted = baseline?.record.model.identity?.digest ?? null;
  // Nothing is read where nothing depends on it.
  if (given === '' || wanted === null || record.model.identity?.digest !== wanted) return false;
  if ((record.reused ?? []).length === 0) return false;
  const args = record.subject.modelArgs;
  const outside = LOCATING.filter(
    (name) => !WITHIN.includes(name) && args[name] !== undefined && args[name] !== null,
  );
  if (outside.length > 0) {
    core.warning(
      `verify-model: ${outside.join(', ')} is beside the model's folder, and not looked at here: it is not verified`,
    );
    return false;
  }
  const folder = await bring(given, runtime);
  if (folder === null) return false;
  const hashing = {
    ...{ cache: await mkdtemp(join(privateFolder(runtime), 'digests-')), forget: true },
    signal: new AbortController().signal,
    onLarge: (bytes: number) => core.info(`Reading the model's files whole, ${(bytes / 1e9).toFixed(1)} GB.`),
  };
  const allowed = record.asked?.settings ?? {};
  const isOn = (key: string) => Object.hasOwn(allowed, key) && allowed[key]!.value === 'true';
  const options = {
    ...{ args, backend: record.protocol.backend ?? 'hf' },
    ...{ allowPickle: isOn('allow-pickle'), trustRemoteCode: isOn('trust-remote-code') },
  };
  try {
    // Whether a template counts is a part of what is wanted.
    for (const templateApplied of [true, false]) {
      const { digest } = await identifyModel(folder, { ...options, templateApplied }, hashing);
      if (digest === wanted) return true;
    }
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    core.warning(`verify-model: the model that is here cannot be read: ${error.message}`);
    return false;
  }
  core.warning("verify-model: the SHA-256 of the model that is here is not the baseline's");
  return false;
}

/** Null for an artifact that is gone by now, or too large for this machine: then the model is not seen, and nothing else is wrong. */
async function bring(given: string, runtime: ActionRuntime): Promise<string | null> {
  const source = parseModelSource(given, runtime.cwd);
  if (source.kind === 'path') return source.path;
  if (source.kind === 'artifact') {
    return await fetchArtifact(source.name, runtime).catch((error: unknown) => {
      if (!(error instanceof SosBenchError) || error.code !== 'model-missing') throw error;
      core.warning(`verify-model: ${error.message}: it is not verified`);
      return null;
    });
  }
  throw new SosBenchError('usage', `verify-model: ${given} is not a folder or artifact:NAME`, {
    hint: 'the report reads files and runs nothing: give what an earlier job left, or leave it out and let `run` evaluate (force: true)',
  });
}
