import { SosBenchError } from '../error.ts';
import { refuseLaunched } from '../evaluate/livebench/places.ts';
import type { LiveBenchRequest } from '../evaluate/request.ts';
import { findCheckout, isFetched } from '../harness/livebench/checkout.ts';
import { findLiveBenchPython } from '../harness/livebench/environment.ts';
import { refuseCode } from '../harness/livebench/score.ts';
import type { Environment } from '../system/child-environment.ts';
import { findSandbox } from '../system/sandbox/find.ts';
import { chooseProgram } from '../system/server/choose-program.ts';
import { givenServer, isAddress } from '../system/server/given-server.ts';
import { type Check, fail, ok, warn } from './check.ts';

export interface LiveBenchWorld {
  cwd: string;
  cache: string;
  environment: Environment;
  /** What a server would be given of it. */
  passedOn: Record<string, string>;
  livebench: LiveBenchRequest;
  server: string;
  serverModel: string | null;
  /** Words before every worker's command. */
  launcher: readonly string[];
  /** Python of the workers, which a server would run in; null where there is none yet. */
  python: string | null;
  /** Ids of the GPUs that can be seen. */
  gpus: readonly string[];
}

const SKIPPED = "LiveBench's rows will be skipped";

/** LiveBench's code, its Python, a sandbox, and a server for the model: what is here, without building any. */
export async function checkLiveBench(world: LiveBenchWorld): Promise<Check[]> {
  return [await checkCode(world), ...(await checkScorer(world)), await checkServer(world)];
}

async function checkCode({
  livebench: { dir, ref },
  cwd,
  cache,
  environment,
}: LiveBenchWorld): Promise<Check> {
  try {
    if (dir === null && !isFetched(ref, cache))
      return warn(
        'livebench',
        'LiveBench is not here yet: the first run fetches it with git',
        "run 'sos-bench prefetch' where there is a network, or give a checkout as livebench-dir",
      );
    const checkout = await findCheckout({ dir, ref, cwd, cache, environment, note: () => undefined });
    if (checkout.kind === 'unavailable') return warn('livebench', checkout.reason, checkout.hint);
    if (checkout.deviation !== null)
      return warn(
        'livebench',
        checkout.deviation,
        'scores are marked, and compared only with others of the same commit; git checkout the pinned one',
      );
    return ok('livebench', `LiveBench at ${checkout.commit?.slice(0, 7)} in ${checkout.folder}`);
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return fail('livebench', error.message, error.hint ?? 'check livebench-dir and livebench-ref');
  }
}

async function checkScorer({ cache, environment, livebench }: LiveBenchWorld): Promise<Check[]> {
  try {
    const { python, built } = await findLiveBenchPython({ cache, environment });
    if (!built)
      return [
        warn(
          'livebench-python',
          "LiveBench's Python environment is not built yet: the first run builds it",
          "run 'sos-bench prefetch' to have it built beforehand",
        ),
      ];
    const sandbox = await findSandbox(python, environment);
    const refused = refuseCode(sandbox, livebench.allowUnsafeCode);
    return [
      ok('livebench-python', python),
      sandbox.kind !== 'none'
        ? ok('sandbox', `what a model writes is run in a sandbox (${sandbox.kind})`)
        : warn(
            'sandbox',
            refused ?? 'programs that a model wrote are run without a sandbox',
            'install bubblewrap, or allow unprivileged user namespaces',
          ),
    ];
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return [
      warn('livebench-python', `${error.message}: ${SKIPPED}`, error.hint ?? 'install Python 3.10 to 3.12'),
    ];
  }
}

async function checkServer(world: LiveBenchWorld): Promise<Check> {
  const { server, serverModel, launcher, python, environment, gpus: devices } = world;
  const launched = refuseLaunched(server, launcher);
  if (launched !== null) return warn('server', `${launched.reason}: ${SKIPPED}`, launched.hint);
  try {
    if (isAddress(server)) {
      const key = environment.OPENAI_API_KEY || null;
      const found = await givenServer({
        url: server,
        key,
        name: serverModel,
        readyTimeout: 15_000,
        signal: new AbortController().signal,
        note: () => undefined,
      });
      return ok('server', `${server} answers as ${found.model}`);
    }
    if (python === null)
      return warn('server', 'the Python that a server would run in is not built yet', 'see the check python');
    const { kind, versions } = await chooseProgram({ server, python, devices, environment: world.passedOn });
    return ok(
      'server',
      `${kind === 'vllm' ? 'vLLM' : 'transformers serve'} ${versions[kind] ?? ''} would be started`,
    );
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return warn('server', `${error.message}: ${SKIPPED}`, error.hint ?? 'give a server');
  }
}
