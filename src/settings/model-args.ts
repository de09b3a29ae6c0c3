import { SosBenchError } from '../error.ts';
import { ownValue } from '../json.ts';
import { redactSecrets } from '../system/secrets.ts';
import type { Setting } from './table.ts';

/** What Python takes as an argument's name. */
const NAME = /^[A-Za-z_]\w*$/;

/** A setting, and which arguments of the harness's model classes it gives. */
type ArgumentOwner = Pick<Setting, 'modelArg'>;

/** Backends that ask a server: `model` is then what the server calls it, and no files are named. */
const isRemote = (backend: string) => backend.startsWith('local-');

/**
 * Arguments must neither name the model nor say again what a setting says: the harness takes the last word, and the record
 * would hold the other.
 *
 * @param settings the table of settings, with the arguments that each gives.
 * @param key the setting that has the arguments.
 * @throws SosBenchError `usage`, naming the setting to use.
 */
export function requireModelArgs(
  args: Readonly<Record<string, unknown>>,
  backend: string,
  settings: Readonly<Record<string, ArgumentOwner>>,
  key: 'model-args' | 'judge-model-args' = 'model-args',
): void {
  for (const name of Object.keys(args)) {
    if (!NAME.test(name) || name.startsWith('__'))
      throw new SosBenchError(
        'usage',
        `${key} has '${redactSecrets(name)}', which is not the name of an argument`,
        {
          hint: 'write KEY=VALUE,..., with the names that the model class of the harness has',
        },
      );
    if (name === 'model' && isRemote(backend)) continue;
    const owner = ownerOf(name, settings);
    if (owner !== undefined) throw overruled(name, owner, key);
  }
  // The harness keeps it there, and what stands there already counts.
  const template = args.chat_template_args;
  if (isObject(template) && ownValue(template, 'enable_thinking') !== undefined)
    throw overruled('chat_template_args.enable_thinking', 'enable-thinking', key);
}

function ownerOf(name: string, settings: Readonly<Record<string, ArgumentOwner>>): string | undefined {
  return Object.keys(settings).find((key) => settings[key]!.modelArg?.includes(name));
}

/** Settings that a judge has none of in its own name: what they give is fixed for it. */
const OF_JUDGE: Readonly<Record<string, string | null>> = {
  model: 'judge-model',
  device: 'device',
  devices: 'devices',
  'tensor-parallel': 'tensor-parallel',
};

function overruled(name: string, setting: string, key: 'model-args' | 'judge-model-args'): SosBenchError {
  const own = key === 'model-args' ? setting : (ownValue(OF_JUDGE, setting) ?? null);
  if (own === null)
    return new SosBenchError('usage', `${key} has ${name}, which a judge is not given`, {
      hint: 'leave it out: a judge is loaded in its own template, without code of its own and without pickled weights',
    });
  const model = key === 'model-args' ? 'model' : 'judge-model';
  const hint =
    name === 'revision'
      ? `leave it out, and give the model as --${model} hf:ORG/NAME@REVISION`
      : `leave it out, and use --${own}`;
  return new SosBenchError('usage', `${key} has ${name}, which the setting ${own} gives`, { hint });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
