import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'docs', 'examples');

/** Which job of a file: training, keeping the record of main, comparing a change. */
export type CiJob = 'train' | 'keep' | 'compare';

/** What a job is started for. */
interface CiEvent {
  sha: string;
  /** Branch that the change says it is to be merged into. */
  target: string;
  /** Where the repository is. */
  origin: string;
  workspace: string;
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
/** What a pipeline's own step does before the shell: the model of another machine comes to a folder of its own. */
const UNSTASH = 'mkdir -p "$WORKSPACE_TMP/change" && cp -R model "$WORKSPACE_TMP/change/"';
/** What stops at the first command that fails, as each of them does. */
const lines = (commands: readonly string[]) => ['set -e', ...commands].join('\n');

export const CI_EXAMPLES: readonly CiExample[] = [
  {
    file: 'gitlab-ci.yml',
    script(job) {
      const { script } = (parse(read('gitlab-ci.yml')) as Record<CiJob, { script: string[] }>)[job];
      return lines(script);
    },
    variables: ({ sha, target, origin }) => ({
      CI_COMMIT_SHA: sha,
      CI_DEFAULT_BRANCH: 'main',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target,
      CI_REPOSITORY_URL: origin,
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
    variables: ({ sha, target }) => ({
      BUILDKITE_COMMIT: sha,
      BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
      BUILDKITE_PULL_REQUEST_BASE_BRANCH: target,
    }),
  },
  {
    file: 'Jenkinsfile',
    script(job) {
      const stage = read('Jenkinsfile')
        .split(/^ {4}stage\(/m)
        .find((text) => text.startsWith(`'${job[0]!.toUpperCase()}${job.slice(1)}'`))!;
      const [, quoted, plain] = /^ +sh (?:'''(.*?)'''|'(.*?)'$)/ms.exec(stage)!;
      const unstashed =
        /^ +dir\("\$\{env\.WORKSPACE_TMP\}\/change"\) \{\n +deleteDir\(\)\n +unstash 'model'\n +\}\n/m.test(
          stage,
        );
      const script = quoted ?? lines([plain!]);
      return unstashed ? lines([UNSTASH, script]) : script;
    },
    variables: ({ sha, target, workspace }) => ({
      GIT_COMMIT: sha,
      MAIN: /^ {4}MAIN = '(\w+)'/m.exec(read('Jenkinsfile'))![1]!,
      CHANGE_TARGET: target,
      WORKSPACE_TMP: `${workspace}@tmp`,
    }),
  },
];
