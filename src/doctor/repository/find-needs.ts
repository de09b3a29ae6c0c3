import { z } from 'zod';

/** What the workflows of a repository ask of its settings. */
export interface RepositoryNeeds {
  /** Workflow files that use our actions, or call one that does. */
  files: string[];
  /** Names of the checks that reports on pull requests conclude. */
  checks: string[];
  /** Branches that reports keep records on. */
  storeBranches: string[];
  secrets: string[];
  groups: string[];
  /** Labels that jobs on machines of one's own ask for together. */
  labels: string[][];
}

const StepSchema = z.object({
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const LabelsSchema = z.union([z.string().transform((label) => [label]), z.array(z.string())]);
const RunnerSchema = z.union([
  LabelsSchema.transform((labels) => ({ group: undefined, labels })),
  z.object({ group: z.string().optional(), labels: LabelsSchema.default([]) }),
]);
const WorkflowSchema = z.object({
  on: z.unknown(),
  jobs: z.record(
    z.string(),
    z.object({
      uses: z.string().optional(),
      'runs-on': RunnerSchema.optional().catch(undefined),
      steps: z.array(StepSchema).default([]),
    }),
  ),
});

const OWN = /^[\w.-]+\/[\w.-]+\/(run|report|bot|gate|plan|open-check|conclude-check)@/;
/** Labels of GitHub's own machines, and what is not known before the job runs. */
const HOSTED = /^(ubuntu|windows|macos)-|\$\{\{/;
const CHECK_NAME = 'SOS-Bench';
const STORE_BRANCH = 'sos-bench';

/** @param workflows of the checkout, parsed; what is no workflow of ours needs nothing. */
export function findNeeds(
  workflows: readonly { path: string; text: string; document: unknown }[],
): RepositoryNeeds {
  const found = {
    ...{ files: new Set<string>(), checks: new Set<string>(), storeBranches: new Set<string>() },
    ...{ secrets: new Set<string>(), groups: new Set<string>(), labels: new Map<string, string[]>() },
  };
  for (const { path, text, document } of workflows) {
    const { data } = WorkflowSchema.safeParse(document);
    if (data === undefined) continue;
    const jobs = Object.values(data.jobs);
    const steps = jobs.flatMap((job) => job.steps);
    const own = steps.filter(({ uses = '' }) => OWN.test(uses));
    if (own.length === 0 && !callsOneOf(jobs, workflows)) continue;
    found.files.add(path);
    const triggers = JSON.stringify(data.on ?? '');
    for (const [, name] of text.matchAll(/\bsecrets\.([A-Za-z_]\w*)/g))
      if (name !== 'GITHUB_TOKEN') found.secrets.add(name!);
    for (const { uses = '', with: given = {} } of own) {
      if (!uses.includes('/report@')) continue;
      if (/pull_request|merge_group|workflow_run/.test(triggers))
        found.checks.add(String(given['check-name'] ?? CHECK_NAME));
      const store = String(given.store ?? 'branch');
      const [, branch = STORE_BRANCH] = /^branch(?::(.+))?$/.exec(store) ?? [null, ''];
      if (branch !== '' && /push|schedule/.test(triggers) && !branch.includes('${{'))
        found.storeBranches.add(branch);
    }
    for (const { 'runs-on': runner } of jobs) {
      if (runner?.group !== undefined) found.groups.add(runner.group);
      if (
        runner !== undefined &&
        runner.labels.length > 0 &&
        !runner.labels.some((label) => HOSTED.test(label))
      )
        found.labels.set(runner.labels.join(), runner.labels);
    }
  }
  return {
    ...{ files: [...found.files], checks: [...found.checks], storeBranches: [...found.storeBranches] },
    ...{ secrets: [...found.secrets], groups: [...found.groups], labels: [...found.labels.values()] },
  };
}

/** Whether a job calls a workflow of this checkout that uses our actions. */
function callsOneOf(
  jobs: readonly { uses?: string | undefined }[],
  workflows: readonly { path: string; text: string }[],
): boolean {
  return jobs.some(({ uses = '' }) =>
    workflows.some(({ path, text }) => uses.includes(path) && /\/(run|report)@/.test(text)),
  );
}
