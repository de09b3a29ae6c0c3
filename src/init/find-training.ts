import { z } from 'zod';
import type { RepositoryFile } from './files.ts';
import { canStandInWorkflow, MODEL_FORMS } from './read-choices.ts';

/** A job of the repository's own workflows that uploads what may be a model. */
export interface FoundTraining {
  path: string;
  job: string;
  artifact: string;
  /** What the artifact holds, from the repository's root; null where that is not one plain path in it. */
  model: string | null;
  /** The command of the step before, where it is one line without expressions that runs at the root. */
  train: string | null;
}

const StepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  'working-directory': z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const WorkflowSchema = z.object({
  defaults: z.unknown().optional(),
  jobs: z.record(
    z.string(),
    z.object({ defaults: z.unknown().optional(), steps: z.array(StepSchema).default([]) }),
  ),
});

/** Artifacts of other things that jobs upload: tests, coverage, packages. */
const MODEL = /model|weight|checkpoint|ckpt|train/i;

/**
 * Jobs that upload a model, as far as names tell.
 *
 * @param workflows parsed; what is no workflow is passed over.
 */
export function findTraining(workflows: readonly { path: string; document: unknown }[]): FoundTraining[] {
  return workflows.flatMap(({ path, document }) => {
    const { data } = WorkflowSchema.safeParse(document);
    return data === undefined
      ? []
      : Object.entries(data.jobs).flatMap(([job, { defaults, steps }]) =>
          inJob(path, job, steps, namesFolder(data.defaults) || namesFolder(defaults)),
        );
  });
}

/** Whether commands run elsewhere than at the root. */
function namesFolder(defaults: unknown): boolean {
  return JSON.stringify(defaults ?? null).includes('"working-directory"');
}

function inJob(
  path: RepositoryFile['path'],
  job: string,
  steps: readonly z.infer<typeof StepSchema>[],
  runsElsewhere: boolean,
): FoundTraining[] {
  return steps.flatMap(({ uses = '', with: given = {} }, index) => {
    if (!/^actions\/upload-artifact@/.test(uses)) return [];
    const artifact = String(given.name ?? 'artifact');
    const held = String(given.path ?? '');
    if (![artifact, held, job].some((name) => MODEL.test(name)) || artifact.startsWith('sos-bench-'))
      return [];
    const before = steps.slice(0, index).findLast(({ run }) => run !== undefined);
    const command = before?.run?.trim() ?? '';
    const isElsewhere = runsElsewhere || before?.['working-directory'] !== undefined;
    const folder = held.trim().replace(/^\.\/|\/$/g, '');
    return [
      {
        ...{ path, job, artifact },
        model: MODEL_FORMS.artifact.pattern.test(folder) ? folder : null,
        train: isElsewhere || !canStandInWorkflow(command) ? null : command,
      },
    ];
  });
}
