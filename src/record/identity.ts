import { z } from 'zod';

/** SHA-256 in hex, `none` where a model has nothing of the kind, null where it could not be told. */
const partDigest = z.string().nullable();

/**
 * All that decides what a model answers, by part. Two records are of one and the same model only where it is known of both and equal.
 */
export const ModelIdentitySchema = z.object({
  /** How digests are taken; those of others are not comparable. */
  algorithm: z.string(),
  /** Over all parts, the template where it is applied; null where a part is not known. */
  digest: z.string().nullable(),
  parts: z.object({
    /** Files of weights that are loaded, whole, with the index that names them and a `delta`. */
    weights: partDigest,
    adapter: partDigest,
    /** Configuration and, where it may run, code. */
    config: partDigest,
    generation: partDigest,
    /** Without the chat template. */
    tokenizer: partDigest,
    /** Of its files; one inside of GGUF weights counts with them. */
    template: partDigest,
    /** As asked for: `auto` is what the configuration says. */
    dtype: z.string(),
    quantisation: z.record(z.string(), z.unknown()),
    /** All other arguments of the model class. */
    arguments: z.record(z.string(), z.unknown()),
  }),
  /** What is not known, and why. */
  unknown: z.array(z.string()),
});
export type ModelIdentity = z.infer<typeof ModelIdentitySchema>;
