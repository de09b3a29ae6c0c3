/** Where the model of a commit comes from. */
export const MODEL_FROM = ['artifact', 'hub', 'disk', 'command'] as const;
export type ModelFrom = (typeof MODEL_FROM)[number];

/** The machines of a job, as `runs-on` names them. */
export interface Runner {
  /** Runner group; null where labels alone choose. */
  group: string | null;
  labels: readonly string[];
}

/** The action that workflows use. */
export interface ActionSource {
  /** `OWNER/REPO`. */
  repository: string;
  /** Full commit id. */
  ref: string;
  /** Version of that commit, as `v1.2.3`; null where it is not known. */
  version: string | null;
}

/** File names of the workflows, in `.github/workflows`. */
export interface WorkflowNames {
  pullRequest: string;
  main: string;
  nightly: string;
  gate: string;
  bot: string;
  onDemand: string;
  forkEvaluate: string;
  forkReusable: string;
  forkReport: string;
}

/** What the workflows of a repository are to be. */
export interface Choices {
  action: ActionSource;
  modelFrom: ModelFrom;
  /** `artifact`: the folder that training leaves; `hub`: ORG/NAME; `disk`: a folder on the shared disk; `command`: the command. */
  model: string;
  /** The command that trains; nothing of a source that has its model made elsewhere. */
  train: string;
  /** Folder of the repository in which it trains, with `/`; null for its root. */
  folder: string | null;
  /** Secrets that the command of `modelFrom: command` gets, as variables of their names. */
  secrets: readonly string[];
  /** Where a reusable workflow of this repository lies, `OWNER/NAME`; null where it is not known. Forks need it. */
  repository: string | null;
  /** The default branch. */
  branch: string;
  /** Machines that evaluate, and those that train. */
  runner: Runner;
  trainRunner: Runner;
  /** The runner group that takes forks. */
  forkGroup: string;
  suite: string;
  forks: boolean;
  nightly: boolean;
  gate: boolean;
  bot: boolean;
  names: WorkflowNames;
}

/** Whether a job of the workflow trains: the models of the other sources are made elsewhere. */
export function trains({ modelFrom }: Pick<Choices, 'modelFrom'>): boolean {
  return modelFrom === 'artifact' || modelFrom === 'disk';
}

/** Names that stand beside a repository's own workflows. */
export const INIT_NAMES: WorkflowNames = {
  pullRequest: 'sos-bench.yml',
  main: 'sos-bench-main.yml',
  nightly: 'sos-bench-nightly.yml',
  gate: 'sos-bench-gate.yml',
  bot: 'sos-bench-bot.yml',
  onDemand: 'sos-bench-on-demand.yml',
  forkEvaluate: 'sos-bench-fork-evaluate.yml',
  forkReusable: 'sos-bench-fork-reusable.yml',
  forkReport: 'sos-bench-fork-report.yml',
};
