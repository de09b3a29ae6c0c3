import { isCommitId } from '../../../commit-id.ts';
import { checkLinks, type ReportLinks } from '../../../report/links.ts';
import type { Connection } from '../../connection.ts';
import type { ActionRuntime } from '../../runtime.ts';

/** The page that says how a report is made and read. */
const DOCS_PAGE = 'docs/comment.md';
/** A ref that stays what it is: a whole commit, or a version. A branch moves, and its page may be of another version. */
const PINNED = /^([0-9a-f]{40}|[0-9a-f]{64}|v\d+(\.\d+){0,2})$/;

/**
 * Where the readers of a report get on, by what the runner says of itself. Without a server or a repository there is none.
 *
 * @param found.flips id of the artifact with the questions that changed; `found.report` address of the report with all details.
 */
export function linksOf(
  { repository, runUrl }: Pick<Connection, 'repository' | 'runUrl'>,
  { environment: env }: Pick<ActionRuntime, 'environment'>,
  {
    commits,
    flips = null,
    report = null,
  }: {
    commits: { baseline: string | null; candidate: string | null };
    flips?: number | null;
    report?: string | null;
  },
): ReportLinks {
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  const commitPage = (commit: string | null) =>
    commit === null || repository === null || !isCommitId(commit)
      ? null
      : `${server}/${repository}/commit/${commit}`;
  return checkLinks({
    run: runUrl,
    flips: runUrl === null || flips === null ? null : `${runUrl}/artifacts/${flips}`,
    report,
    docs: pageOfAction(server, env, 'blob', `/${DOCS_PAGE}`),
    program: pageOfAction(server, env, 'tree'),
    baselineCommit: commitPage(commits.baseline),
    candidateCommit: commitPage(commits.candidate),
  });
}

/** Of the very version of the action that runs; null where that is a branch's, or a folder of the checkout. */
function pageOfAction(
  server: string,
  env: ActionRuntime['environment'],
  kind: 'blob' | 'tree',
  file = '',
): string | null {
  const { GITHUB_ACTION_REPOSITORY: repository = '', GITHUB_ACTION_REF: ref = '' } = env;
  return /^[\w.-]+\/[\w.-]+$/.test(repository) && PINNED.test(ref)
    ? `${server}/${repository}/${kind}/${ref}${file}`
    : null;
}
