import { DEFAULT_CONFIG_FILE } from '../settings/resolve.ts';
import { botWorkflow, onDemandWorkflow } from './bot.ts';
import type { Choices } from './choices.ts';
import { configurationFile } from './configuration.ts';
import { forkEvaluateWorkflow, forkReportWorkflow, forkReusableWorkflow } from './forks.ts';
import { mainWorkflow, nightlyWorkflow } from './main-branch.ts';
import { pullRequestWorkflow } from './pull-request.ts';
import { gateWorkflow } from './release-gate.ts';

/** A file of the repository. */
export interface RepositoryFile {
  /** From the repository's root, with `/`. */
  path: string;
  content: string;
}

/** Where GitHub looks for workflows. */
export const WORKFLOWS = '.github/workflows';

/** All files that a repository with these choices gets: its workflows, and the configuration. */
export function filesFor(choices: Choices): RepositoryFile[] {
  const { names, nightly, gate, bot, forks } = choices;
  const workflows: [boolean, string, (choices: Choices) => string][] = [
    [true, names.pullRequest, pullRequestWorkflow],
    [true, names.main, mainWorkflow],
    [nightly, names.nightly, nightlyWorkflow],
    [gate, names.gate, gateWorkflow],
    [bot, names.bot, botWorkflow],
    // A fork's record waits until a maintainer has that commit evaluated: by hand where there is no bot.
    [bot || forks, names.onDemand, onDemandWorkflow],
    [forks, names.forkEvaluate, forkEvaluateWorkflow],
    [forks, names.forkReusable, forkReusableWorkflow],
    [forks, names.forkReport, forkReportWorkflow],
  ];
  return [
    ...workflows
      .filter(([wanted]) => wanted)
      .map(([, name, write]) => ({ path: `${WORKFLOWS}/${name}`, content: write(choices) })),
    { path: DEFAULT_CONFIG_FILE, content: configurationFile(choices) },
  ];
}
