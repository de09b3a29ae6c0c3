import { setMaxListeners } from 'node:events';
import { abortWith } from '../system/process/abort-with.ts';
import type { ManagedPythonOptions } from '../system/python/managed.ts';
import { resolveUnproven } from '../system/python/resolve.ts';

/** The Python that a run is done with. Its environment may still be being looked at. */
export interface RunPython {
  python: string;
  /** Aborted when the run is to stop, also because the environment is not as it was built. */
  signal: AbortSignal;
  /**
   * To be waited for before anything that this Python did is used where it cannot be taken back: kept, fetched, or told as a fault of others.
   *
   * @throws where the environment is not as it was built; the work then begins again.
   */
  proven(): Promise<void>;
}

/**
 * Does the work of a run with the Python of a setting. It begins while our own environment is still being looked at. Where that turns out
 * not to be as it was built, the work is stopped and begins again with another one.
 *
 * @param work ends all that it started before it settles.
 * @throws what finding a Python throws, and what the work does.
 */
export async function onPython<Result>(
  setting: string,
  options: ManagedPythonOptions & { cwd: string; signal: AbortSignal },
  work: (python: RunPython) => Promise<Result>,
): Promise<Result> {
  const refused = new Set<string>();
  for (;;) {
    const { python, differs } = await resolveUnproven(setting, { ...options, refused });
    const end = new AbortController();
    setMaxListeners(0, end.signal);
    abortWith(end, options.signal);
    const proven = async () => {
      if (await differs) throw new Error(`the environment of ${python} is not as it was built`);
    };
    proven().catch((error) => end.abort(error));
    try {
      const result = await work({ python, signal: end.signal, proven });
      await proven();
      return result;
    } catch (error) {
      // What such an environment says of itself, of a model or of data is nobody's fault.
      if (options.signal.aborted || !(await differs)) throw error;
    } finally {
      end.abort();
    }
  }
}
