import { SosBenchError } from '../../error.ts';
import type { Client } from '../client.ts';
import { hasStatus, isUncertain } from '../failure.ts';
import { type Posted, post } from '../post.ts';
import type { Need } from './permission.ts';

export interface DispatchRequest {
  /** File name of the workflow: `sos-bench.yml`. */
  workflow: string;
  /** The default branch: a pull request's own workflow file is never started. */
  ref: string;
  inputs: Record<string, string>;
  /**
   * Names this request alone, such as the comment's id. It goes in as input `request`; the workflow puts it in
   * `run-name`, so that the run can be found.
   */
  request: string;
}

/** Seconds to wait for a run to show up. */
const WAITS = [2, 4, 8];

/** GitHub's limit. */
const MAX_INPUTS = 25;

/**
 * Starts a workflow once. GPU time is dear and a dispatch says nothing about the run it makes: so where the answer is
 * lost, the run is looked for by its name, and nothing is sent a second time.
 */
export async function dispatchWorkflow(client: Client, request: DispatchRequest): Promise<Posted> {
  const { workflow, ref } = request;
  const inputs = { ...request.inputs, request: request.request };
  if (Object.keys(inputs).length > MAX_INPUTS) {
    throw new SosBenchError('usage', `a workflow takes at most ${MAX_INPUTS} inputs`);
  }
  const need: Need = {
    doing: `start the workflow ${workflow}`,
    permission: { actions: 'write' },
    target: `the workflow ${workflow} on ${ref}`,
  };
  return post<object>(need, async () => {
    try {
      await client.rest.actions.createWorkflowDispatch({
        ...client.repository,
        workflow_id: workflow,
        ref,
        inputs,
      });
      return { posted: true, url: null };
    } catch (error) {
      if (hasStatus(error, 422)) {
        throw new SosBenchError(
          'github-refused',
          `GitHub will not start ${workflow}: ${(error as Error).message}`,
          {
            hint: `the file must be on ${ref}, have the trigger workflow_dispatch, and declare the inputs ${Object.keys(inputs).join(', ')}`,
            cause: error,
          },
        );
      }
      if (!isUncertain(error)) throw error;
      const url = await findRun(client, request);
      if (url !== null) return { posted: true, url };
      throw new SosBenchError('github-unreachable', `it is not known whether ${workflow} was started`, {
        hint: 'look at the Actions tab; where there is no run, give the command again',
        cause: error,
      });
    }
  });
}

/** Address of the run whose name holds the request, or null where none shows up. */
async function findRun(client: Client, { workflow, request }: DispatchRequest): Promise<string | null> {
  for (const wait of WAITS) {
    await client.pause(wait);
    const { data } = await client.rest.actions.listWorkflowRuns({
      ...client.repository,
      workflow_id: workflow,
      event: 'workflow_dispatch',
      per_page: 50,
    });
    const words = (title: string) => title.split(/[^A-Za-z0-9_-]+/);
    const run = data.workflow_runs.find(({ display_title: title }) => words(title).includes(request));
    if (run) return run.html_url;
  }
  return null;
}
