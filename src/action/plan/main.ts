import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { planEvaluation } from '../../evaluate/planning/plan-evaluation.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { renderPlan } from '../../report/tables/plan.ts';
import { sampleDesign } from '../../settings/design.ts';
import { evaluationRequest } from '../../settings/evaluation.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { MINIMUM_UNITS } from '../../suite/minimum-units.ts';
import { previewPlan } from '../../suite/plan/preview.ts';
import { type ShardJob, shardMatrix } from '../../suite/plan/shards.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { shardLabel } from '../artifacts/names.ts';
import { connect } from '../connection.ts';
import { readActionInputs, readCount } from '../inputs.ts';
import { privateFolder } from '../private-folder.ts';
import type { ActionRuntime } from '../runtime.ts';
import { beginEvaluation, warnOf } from '../steps/evaluate/begin-evaluation.ts';
import { evaluationContext } from '../steps/evaluate/evaluate.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { writeJobSummary } from '../steps/publish/publish.ts';

/** GitHub's limit. */
const MAX_JOBS = 256;

/** Plans an evaluation that several jobs share: questions, the model's digest, and the matrix of the jobs. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    const inputs = readActionInputs();
    const shards = readShards();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const { settings, notes, locationOf } = await beginEvaluation(inputs, runtime, connection);
    const includePaths = settings['include-path'];
    await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records: null, locationOf });
    warnOf(notes);
    const { plan, model } = await core.group('Make the plan', () =>
      interruptible(runtime, async (signal) =>
        planEvaluation(
          evaluationRequest(settings),
          await evaluationContext(inputs.hubToken, signal, runtime, connection),
        ),
      ),
    );
    const matrix = shardMatrix(plan, shards);
    const folder = join(privateFolder(runtime), 'plan');
    await makeFolder(folder, 0o700);
    const path = join(folder, 'plan.json');
    await writeFileAtomic(path, `${JSON.stringify(plan)}\n`);
    const preview = previewPlan(plan, { ...sampleDesign(settings), leastItems: MINIMUM_UNITS });
    await writeJobSummary(`~~~text\n${renderPlan(preview, [], matrix)}~~~\n`, runtime);
    core.setOutput('matrix', JSON.stringify({ include: matrix.include.map(nameJob) }));
    core.setOutput('plan-path', path);
    core.setOutput('plan-hash', plan.planHash);
    core.setOutput('model-digest', model.digest);
    core.setOutput('attempt', runtime.environment.GITHUB_RUN_ATTEMPT || '1');
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}

function readShards(): number {
  const shards = readCount('shards') ?? 1;
  if (shards <= MAX_JOBS) return shards;
  throw new SosBenchError('usage', `shards is ${shards}`, {
    hint: `GitHub runs at most ${MAX_JOBS} jobs of a matrix`,
  });
}

/** With a name that an artifact may have. */
function nameJob(job: ShardJob, index: number, { length }: readonly ShardJob[]) {
  return { ...job, name: shardLabel({ index: index + 1, of: length }) };
}
