import { z } from 'zod';
import type { RepositoryFile } from './files.ts';

/** A job of the repository's own workflows that uploads what may be a model. */
export interface FoundTraining {
  path: string;
  job: string;
  artifact: string;
  /** What the artifact holds, from the job's folder; null where that is not one plain path. */
  model: string | null;
  /** The command of the step before, where it is one line without expressions. */
  train: string | null;
}

const StepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const WorkflowSchema = z.object({
  jobs: z.record(z.string(), z.object({ steps: z.array(StepSchema).default([]) })),
});

/** Artifacts of other things that jobs upload: tests, coverage, packages. */
const MODEL = /model|weight|checkpoint|ckpt|train/i;

/**
 * Jobs that upload a model, as far as names tell.
 *
 * @param workflows parsed; what is no workflow is passed over, and those that use SOS-Bench are, too.
 */
export function findTraining(workflows: readonly { path: string; document: unknown }[]): FoundTraining[] {
  return workflows.flatMap(({ path, document }) => {
    const { data } = WorkflowSchema.safeParse(document);
    return data === undefined
      ? []
      : Object.entries(data.jobs).flatMap(([job, { steps }]) => inJob(path, job, steps));
  });
}

function inJob(
  path: RepositoryFile['path'],
  job: string,
  steps: readonly z.infer<typeof StepSchema>[],
): FoundTraining[] {
  return steps.flatMap(({ uses = '', with: given = {} }, index) => {
    if (!/^actions\/upload-artifact@/.test(uses)) return [];
    const artifact = String(given.name ?? 'artifact');
    const held = String(given.path ?? '');
    if (![artifact, held, job].some((name) => MODEL.test(name)) || artifact.startsWith('sos-bench-'))
      return [];
    const before =
      steps
        .slice(0, index)
        .findLast(({ run }) => run !== undefined)
        ?.run?.trim() ?? '';
    return [
      {
        ...{ path, job, artifact },
        model: /^[\w./ -]+$/.test(held.trim()) ? held.trim().replace(/^\.\/|\/$/g, '') : null,
        train: before === '' || /\n|\$\{\{/.test(before) ? null : before,
      },
    ];
  });
}
