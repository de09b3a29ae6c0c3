import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { parseIfJson } from '../../json.ts';
import { startChild } from '../../system/process/start-child.ts';
import { type EnvironmentSpec, WORKER_ENVIRONMENT } from '../../system/python/environment-spec.ts';
import { checkPython } from '../../system/python/external.ts';
import { findManagedPython } from '../../system/python/managed.ts';
import { codeArguments } from '../../system/python/python-command.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { checkEnvironment } from './check-kept.ts';

interface Wanted {
  /** `managed` or a path. */
  python: string;
  backend: string;
  cache: string;
  /** A worker's: what it finds, they find. */
  environment: Record<string, string>;
  /** Which environment of ours a run would take; the workers' where left out. */
  spec?: () => Promise<EnvironmentSpec>;
}

/** What the Python of the workers has: versions by package (null: not there), GPUs, and NLTK's sentence data. */
const AnswerSchema = z.object({
  python: z.string(),
  packages: z.record(z.string(), z.string().nullable()),
  gpus: z.number().nullable(),
  punkt: z.boolean(),
});
export type PythonFacts = z.infer<typeof AnswerSchema>;

const PACKAGES = ['lm_eval', 'torch', 'transformers', 'datasets', 'peft'];
const IFEVAL = ['langdetect', 'immutabledict', 'nltk'];
const MATH = ['sympy', 'antlr4-python3-runtime', 'math-verify'];
const BACKENDS = ['vllm', 'sglang'];

const SCRIPT = `
import importlib.metadata as metadata, json, platform, sys
def version(name):
    try: return metadata.version(name)
    except metadata.PackageNotFoundError: return None
packages = {name: version(name) for name in sys.argv[1:]}
gpus = None
if packages.get("torch"):
    try:
        import torch
        gpus = torch.cuda.device_count()
    except Exception: pass
punkt = False
if packages.get("nltk"):
    try:
        import nltk
        nltk.data.find("tokenizers/punkt_tab/english")
        punkt = True
    except Exception: pass
print(json.dumps({"python": platform.python_version(), "packages": packages, "gpus": gpus, "punkt": punkt}))
`;
const TIMEOUT_MS = 120_000;

/** Python, harness and extras. `facts` is null where there is no environment to ask (yet). */
export async function checkPythonSide(
  wanted: Wanted,
): Promise<{ checks: Check[]; facts: PythonFacts | null }> {
  try {
    const found = await findInterpreter(wanted);
    if (found.python === null) return { checks: [found.check], facts: null };
    const facts = await ask(found.python, wanted.environment);
    if (facts === null) {
      const hint = 'delete its folder; the next run builds it again';
      return { checks: [fail('python', `${found.python} does not run`, hint)], facts };
    }
    return {
      checks: [ok('python', `Python ${facts.python} (${found.python})`), ...packageChecks(facts, wanted)],
      facts,
    };
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return { checks: [fail('python', error.message, error.hint ?? '')], facts: null };
  }
}

type Found = { python: string } | { python: null; check: Check };

async function findInterpreter({ python, cache, environment, spec }: Wanted): Promise<Found> {
  if (python !== 'managed') return { python: await checkPython(python, environment) };
  const wanted = (await spec?.()) ?? WORKER_ENVIRONMENT;
  const managed = await findManagedPython({ cache, environment, spec: wanted });
  if (managed.built) {
    const changed = await checkEnvironment('python', managed.python);
    return changed === null ? { python: managed.python } : { python: null, check: changed };
  }
  const hint = 'the first run builds it, which takes minutes and up to 8 GB';
  return { python: null, check: warn('python', `${wanted.name} is not built yet`, hint) };
}

async function ask(python: string, environment: Record<string, string>): Promise<PythonFacts | null> {
  const names = [...PACKAGES, ...IFEVAL, ...MATH, ...BACKENDS];
  const result = await startChild(
    python,
    codeArguments(python, SCRIPT, names),
    { environment },
    {
      reject: false,
      timeout: TIMEOUT_MS,
    },
  );
  const last = (result.stdout ?? '').trim().split('\n').at(-1) ?? '';
  return AnswerSchema.safeParse(parseIfJson(last)).data ?? null;
}

function packageChecks({ packages, punkt }: PythonFacts, { backend }: Wanted): Check[] {
  const missing = (names: readonly string[]) => names.filter((name) => packages[name] == null);
  const install = (extra: string) => `install lm_eval[${extra}] into this Python, or use python: managed`;
  const versions = PACKAGES.flatMap((name) => (packages[name] == null ? [] : [`${name} ${packages[name]}`]));
  const needed = missing(['lm_eval', 'torch', 'transformers']);
  const checks = [
    needed.length === 0
      ? ok('harness', versions.join(', '))
      : fail('harness', `missing: ${needed.join(', ')}`, install('hf')),
  ];
  const math = missing(MATH);
  checks.push(
    math.length === 0
      ? ok('extra-math', 'MATH can be scored')
      : warn('extra-math', `MATH cannot be scored; missing: ${math.join(', ')}`, install('math')),
  );
  const ifeval = [...missing(IFEVAL), ...(punkt ? [] : ["NLTK's punkt_tab"])];
  checks.push(
    ifeval.length === 0
      ? ok('extra-ifeval', 'IFEval can be scored')
      : warn(
          'extra-ifeval',
          `IFEval cannot be scored; missing: ${ifeval.join(', ')}`,
          `${install('ifeval')}; the data: python -m nltk.downloader punkt_tab`,
        ),
  );
  if (BACKENDS.includes(backend)) {
    checks.push(
      packages[backend] == null
        ? fail(
            'backend',
            `${backend} is not in this Python`,
            `install ${backend} beside lm_eval and name that Python${backend === 'vllm' ? ', or use python: managed' : ''}`,
          )
        : ok('backend', `${backend} ${packages[backend]}`),
    );
  }
  return checks;
}
