import { z } from 'zod';
import { type Check, ok, warn } from '../check.ts';

const LEVELS = ['none', 'read', 'write'];
const PermissionsSchema = z.union([
  z.enum(['read-all', 'write-all']),
  z.record(z.string(), z.enum(['none', 'read', 'write'])),
]);
const WorkflowSchema = z.object({
  on: z.unknown(),
  permissions: PermissionsSchema.optional(),
  jobs: z.record(
    z.string(),
    z.object({
      permissions: PermissionsSchema.optional(),
      steps: z
        .array(z.object({ uses: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() }))
        .default([]),
    }),
  ),
});
type Step = z.infer<typeof WorkflowSchema>['jobs'][string]['steps'][number];

/** What each of our actions asks of the token, as docs/permissions.md has it. */
const NEEDS: Record<string, (triggers: string, step: Step) => Record<string, string>> = {
  bot: () => ({ actions: 'write', contents: 'write', 'pull-requests': 'write' }),
  'open-check': () => ({ checks: 'write' }),
  'conclude-check': () => ({ checks: 'write' }),
  gate: () => ({ contents: 'read' }),
  report: (triggers, { with: given = {} }) => {
    const keeps = /"(push|schedule)"/.test(triggers) && /^branch/.test(String(given.store ?? 'branch'));
    const posts = /pull_request|merge_group|workflow_run|dispatch/.test(triggers);
    return {
      contents: keeps ? 'write' : 'read',
      ...(posts ? { 'pull-requests': 'write', checks: 'write' } : {}),
    };
  },
};

/** Whether the jobs of the workflows here give their tokens what our actions need; a job that says nothing has the repository's default. */
export function checkPermissions(workflows: readonly { path: string; document: unknown }[]): Check[] {
  const jobs = workflows.flatMap(({ path, document }) => {
    const { data } = WorkflowSchema.safeParse(document);
    if (data === undefined) return [];
    const triggers = JSON.stringify(typeof data.on === 'string' ? { [data.on]: null } : (data.on ?? {}));
    return Object.entries(data.jobs).flatMap(([name, job]) => {
      const needs = job.steps.flatMap((step) => {
        const [, action = ''] = /^[\w.-]+\/[\w.-]+\/([\w-]+)@/.exec(step.uses ?? '') ?? [];
        return Object.entries(NEEDS[action]?.(triggers, step) ?? {});
      });
      const given = job.permissions ?? data.permissions;
      return needs.length === 0 || given === undefined
        ? []
        : [{ path, name, missing: missingOf(needs, given) }];
    });
  });
  if (jobs.length === 0) return [];
  const lacking = jobs.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return [ok('permissions', 'every job here may do what it has to')];
  return lacking.map(({ path, name, missing }) =>
    warn(
      `permissions ${path.split('/').at(-1)} ${name}`,
      `the job may not do all that it has to: ${missing.join(', ')}`,
      `add to its permissions: { ${missing.join(', ')} }; docs/permissions.md says what for`,
    ),
  );
}

function missingOf(needs: readonly [string, string][], given: z.infer<typeof PermissionsSchema>): string[] {
  const levelOf = (scope: string) =>
    given === 'write-all' ? 'write' : given === 'read-all' ? 'read' : (given[scope] ?? 'none');
  return needs
    .filter(([scope, level]) => LEVELS.indexOf(levelOf(scope)) < LEVELS.indexOf(level))
    .map(([scope, level]) => `${scope}: ${level}`);
}
