type Scope = 'actions' | 'checks' | 'contents' | 'issues' | 'pull-requests';

/** What a request was for, and the permission it takes. */
export interface Need {
  /** Goes after "could not": `post the comment`. */
  doing: string;
  permission: { [scope in Scope]?: 'read' | 'write' };
  /** What the request was about: `pull request #7`. */
  target?: string;
  /** What to do where there is nothing there and no permission is to blame. */
  absentHint?: string;
  /** What to do where GitHub will not do it, for a reason that it names. */
  refusedHint?: string;
  /** Why the token can be read-only whatever the workflow says. */
  origin?: PullOrigin;
}

export interface PullOrigin {
  isFork: boolean;
  isDependabot: boolean;
}

/** The YAML that gives a job those permissions. */
export function permissionYaml(permission: Need['permission']): string {
  const lines = Object.entries(permission).map(([scope, level]) => `  ${scope}: ${level}`);
  return ['permissions:', ...lines].join('\n');
}

/** What to do about a missing permission; in a fork's or Dependabot's pull request YAML alone does not help. */
export function permissionHint({ permission, origin }: Need): string {
  const split =
    'there GitHub makes the token read-only whatever the workflow says. Let one workflow evaluate without a token, and ' +
    'another one, on workflow_run, report: docs/permissions.md has both';
  if (origin?.isFork) return `this pull request comes from a fork: ${split}`;
  if (origin?.isDependabot) return `this pull request comes from Dependabot: ${split}`;
  const checks =
    permission.checks === 'write'
      ? '\nPersonal access tokens cannot write check runs; GITHUB_TOKEN can.'
      : '';
  return `give the job this permission (scopes it does not name become none):\n\n${permissionYaml(permission)}\n${checks}`;
}
