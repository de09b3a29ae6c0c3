import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SosBenchError } from '../error.ts';
import { makeFolder } from '../system/files/files.ts';
import { keepFolder } from '../system/kept/keep-folder.ts';
import { runGuarded } from '../system/process/guarded-child.ts';
import { lastWords } from '../system/process/last-words.ts';
import { moduleArguments } from '../system/python/python-command.ts';

export interface PlainWeightsOptions {
  python: string;
  /** Folder of the model. */
  path: string;
  /** Name of the GGUF file in it. */
  file: string;
  /** The model's digest: the same model is converted once. */
  digest: string;
  /** Folder where converted models are kept. */
  cache: string;
  environment: Record<string, string>;
  signal: AbortSignal;
  note: (text: string) => void;
}

/** Changes when the conversion does. */
const VERSION = 2;
/** The model in the folder that is kept, whose own files stand beside it. */
const MODEL = 'model';

/**
 * A GGUF model as a folder of safetensors, as servers want it: dequantised to float32, the tokenizer and its chat
 * template taken from the file. Made once and kept; a second process waits for the first.
 *
 * @returns the folder.
 * @throws SosBenchError `model-unservable`, `interrupted`, `disk-full`, `permission-denied`.
 */
export async function plainWeights(options: PlainWeightsOptions): Promise<string> {
  const { cache, digest, file, note } = options;
  const key = createHash('sha256').update([VERSION, digest, file].join('\0')).digest('hex').slice(0, 16);
  const folder = await keepFolder({
    ...options,
    home: join(cache, 'converted-models'),
    name: key,
    what: 'the converted model',
    build: async (path) => {
      note('Saving the GGUF model as safetensors for the server (once; kept for later runs)');
      await makeFolder(path, 0o700);
      await convert(join(path, MODEL), options);
      return {};
    },
  });
  return join(folder!, MODEL);
}

async function convert(out: string, options: PlainWeightsOptions): Promise<void> {
  const { python, path, file, environment, signal } = options;
  const args = moduleArguments(python, 'sosbench_worker.convert_gguf', [join(path, file), out]);
  const result = await runGuarded([python, ...args], { python, environment, signal });
  if (signal.aborted) throw new SosBenchError('interrupted', 'interrupted while converting the model');
  if (result.exitCode === 0) return;
  const why = lastWords(result.all ?? '') || result.shortMessage;
  throw new SosBenchError('model-unservable', `${file} could not be saved as safetensors: ${why}`, {
    hint: 'it takes 4 bytes a weight of disk and memory; or start a server yourself and give its address',
    cause: result,
  });
}
