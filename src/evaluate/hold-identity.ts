import { confirmIdentity, identifyModel, identityKey } from '../model/identity.ts';
import type { ModelIdentity } from '../record/identity.ts';
import type { ReadyModel } from './model.ts';
import type { EvaluationContext } from './request.ts';

/** A model's identity, taken once before anything is loaded and once more before anything is left. */
export interface HeldIdentity {
  /** Null where a server has the model, and nobody here can tell. */
  identity: ModelIdentity | null;
  /** For a journal: what its results belong to. */
  key: string | null;
  /** @throws SosBenchError `model-changed` where what was loaded may be another model. */
  confirm(): Promise<void>;
}

/**
 * Begins to take the identity. Reading all of a model's files takes about as long as loading it from a slow disk, and what was read once
 * is remembered.
 *
 * @param options.forget whether everything is read although it was before: so where this alone decides that nothing is evaluated.
 */
export function holdIdentity(
  { loaded }: ReadyModel,
  { progress, signal }: Pick<EvaluationContext, 'progress' | 'signal'>,
  cache: string,
  { forget = false }: { forget?: boolean } = {},
): Promise<HeldIdentity> {
  if (loaded === null) return Promise.resolve({ identity: null, key: null, confirm: async () => {} });
  const { folder, options } = loaded;
  const onLarge = (bytes: number) =>
    progress.note(
      `Reading the model's files whole, ${(bytes / 1e9).toFixed(1)} GB, to know it again (once for these files)`,
    );
  const hashing = { cache, signal, forget, known: new Map<string, string>(), onLarge };
  const held = identifyModel(folder, options, hashing).then((identity) => ({
    identity,
    key: identityKey(identity),
    confirm: () => confirmIdentity(identity, folder, options, hashing),
  }));
  // Whoever waits for it is told.
  held.catch(() => undefined);
  return held;
}
