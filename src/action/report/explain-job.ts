import type { Client } from '../../github/client.ts';
import { type Shard, shardName } from '../../suite/plan/shards.ts';

/**
 * Why the job of a shard left nothing, by what GitHub says of it: that no runner took it, above all, which would otherwise be
 * seen nowhere. Null where that cannot be known: there is no token, it lacks `actions: read`, or no job has the shard in
 * its name.
 */
export async function explainJob(client: Client | null, runId: number, shard: Shard): Promise<string | null> {
  if (client === null) return null;
  try {
    const jobs = await client.paginate(client.rest.actions.listJobsForWorkflowRun, {
      ...client.repository,
      run_id: runId,
      filter: 'latest',
      per_page: 100,
    });
    // `shard 2/3`, also in a workflow that is called: `sos-bench / shard 2/3`.
    const own = new RegExp(`(^|\\D)${shardName(shard)}(\\D|$)`);
    const job = jobs.find(({ name }) => own.test(name));
    if (job === undefined) return null;
    if (!job.runner_name) return `no runner took its job; labels ${job.labels.join(', ') || 'none'}`;
    return `its job: ${job.conclusion ?? job.status} on ${job.runner_name}`;
  } catch {
    return null;
  }
}
