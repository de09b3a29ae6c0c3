import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'docs', 'examples');

/** Which job of a file: training, keeping the record of main, comparing a change. */
export type CiJob = 'train' | 'keep' | 'compare';

/** What a job is started for. */
export interface CiEvent {
  sha: string;
  /** Commit where the change began; the same where there is none. */
  base: string;
}

/** A CI that is not GitHub's, by the file that docs/examples has for it. */
export interface CiExample {
  file: string;
  /** The shell that the machine gets to run. */
  script(job: CiJob): string;
  /** The variables that the CI sets for it. */
  variables(event: CiEvent): Record<string, string>;
}

const read = (file: string) => readFileSync(join(EXAMPLES, file), 'utf8');
/** What stops at the first command that fails, as each of them does. */
const lines = (commands: readonly string[]) => ['set -e', ...commands].join('\n');

export const CI_EXAMPLES: readonly CiExample[] = [
  {
    file: 'gitlab-ci.yml',
    script(job) {
      const { script } = (parse(read('gitlab-ci.yml')) as Record<CiJob, { script: string[] }>)[job];
      return lines(script);
    },
    variables: ({ sha, base }) => ({
      CI_COMMIT_SHA: sha,
      CI_DEFAULT_BRANCH: 'main',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    }),
  },
  {
    file: 'buildkite.yml',
    script(job) {
      const { steps } = parse(read('buildkite.yml')) as {
        steps: { key: CiJob; command?: string; commands?: string[] }[];
      };
      const { command, commands = [command!] } = steps.find(({ key }) => key === job)!;
      // The upload takes a dollar for a variable of its own; two of them are one for the machine.
      return lines(commands).replaceAll('$$', '$');
    },
    variables: ({ sha }) => ({
      BUILDKITE_COMMIT: sha,
      BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
      BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main',
    }),
  },
  {
    file: 'Jenkinsfile',
    script(job) {
      const stage = read('Jenkinsfile')
        .split(/^ {4}stage\(/m)
        .find((text) => text.startsWith(`'${job[0]!.toUpperCase()}${job.slice(1)}'`))!;
      const [, quoted, plain] = /^ +sh (?:'''(.*?)'''|'(.*?)'$)/ms.exec(stage)!;
      return quoted ?? lines([plain!]);
    },
    variables: ({ sha }) => ({ GIT_COMMIT: sha, BRANCH_NAME: 'main', CHANGE_TARGET: 'main' }),
  },
];
