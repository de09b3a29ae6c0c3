import { after, before } from 'node:test';
import { HALF, after as lost } from './comparisons.ts';
import { eventEnvironment } from './events.ts';
import { type FakeArtifacts, startFakeArtifacts } from './fake-artifacts.ts';
import { temporaryFolder } from './folder.ts';
import { startGitHub, type TestGitHub } from './github.ts';
import { keepBaseline, keepRecord } from './keep-baseline.ts';
import { runStep } from './runner.ts';

export interface GivenReport {
  name: string;
  payload: object;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  run?: number;
}

/** A repository with a baseline and two more branches, for the tests of a file, and the built report on its commits. */
export function withReportedRepository() {
  const folder = temporaryFolder();
  const workspace = temporaryFolder();
  let github: TestGitHub;
  let service: FakeArtifacts;
  let token: string;
  let base: string;
  let runs = 400;

  before(async () => {
    github = await startGitHub();
    service = await startFakeArtifacts(github.proxy.url);
    token = await github.emulator.appToken();
    base = await github.emulator.tip();
    await keepBaseline(github, folder, base, HALF);
    for (const ref of ['refs/heads/release/1', 'refs/heads/scratch']) {
      await github.emulator.api('POST', '/repos/octo/models/git/refs', { ref, sha: base });
    }
  });
  after(async () => {
    service.close();
    await github.close();
  });

  const checks = async (sha: string) =>
    (await github.checks(service.standIns.get(sha) ?? sha)).filter(({ name }) => name === 'SOS-Bench');

  return {
    get github() {
      return github;
    },
    get service() {
      return service;
    },
    /** The tip of main. */
    get base() {
      return base;
    },
    nextRun: () => ++runs,

    report({ name, payload, inputs = {}, env = {}, run = ++runs }: GivenReport) {
      return runStep({
        workspace,
        action: 'report',
        inputs: { 'github-token': token, ...inputs },
        environment: {
          ...eventEnvironment(folder, { name, payload, run }),
          GITHUB_API_URL: service.url,
          ...env,
        },
      });
    },

    /** A record of a commit that lost so many of a thousand answers. */
    keep: (commit: string, answers: number, asked: string | null = null) =>
      keepRecord(folder, {
        ...{ model: `lost-${answers}-${commit.slice(0, 8)}`, scores: lost(answers), commit, asked },
      }),

    checks,

    /** How the newest check run of each report ended; all the same where it is one check. */
    async ends(sha: string): Promise<(string | null)[]> {
      const sections = new Map(
        (await checks(sha)).map((run) => [
          run.external_id.replace(/ run=\d+ attempt=\d+/, ''),
          run.conclusion,
        ]),
      );
      return [...new Set(sections.values())];
    },
    last: async (sha: string) => (await checks(sha)).at(-1)!,
  };
}
