import { z } from 'zod';
import type { Client } from '../../github/client.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { askGitHub } from './ask-github.ts';
import type { RepositoryNeeds } from './find-needs.ts';

const ADMIN = "a token of somebody who administrates it shows that (fine-grained: 'Administration: read')";

const DefaultsSchema = z.object({ default_workflow_permissions: z.enum(['read', 'write']) });
const ApprovalSchema = z.object({ approval_policy: z.string() });

/** The settings of Actions: what a token may do by default, and whose workflows wait (in a private repository there are no strangers). */
export async function checkSettings(client: Client, isPrivate: boolean): Promise<Check[]> {
  const permissions = await askGitHub(
    client,
    'GET /repos/{owner}/{repo}/actions/permissions/workflow',
    DefaultsSchema,
  );
  return [
    permissions.is !== 'there'
      ? warn(
          'workflow-permissions',
          'this token cannot see what tokens of workflows may do by default',
          ADMIN,
        )
      : permissions.value.default_workflow_permissions === 'read'
        ? ok('workflow-permissions', 'tokens of workflows can only read unless a job says otherwise')
        : warn(
            'workflow-permissions',
            'tokens of workflows that say nothing of permissions can write',
            "Settings, Actions, General, Workflow permissions: 'Read repository contents and packages permissions'",
          ),
    ...(isPrivate ? [] : [await checkApproval(client)]),
  ];
}

async function checkApproval(client: Client): Promise<Check> {
  const id = 'fork-approval';
  const seen = await askGitHub(
    client,
    'GET /repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval',
    ApprovalSchema,
  );
  if (seen.is !== 'there')
    return warn(id, 'this token cannot see whose workflows wait for a maintainer', ADMIN);
  return seen.value.approval_policy === 'all_external_contributors'
    ? ok(id, 'workflows of strangers wait for a maintainer')
    : warn(
        id,
        'workflows of strangers who contributed before run without a maintainer',
        "Settings, Actions, General, Approval for running fork pull request workflows: 'Require approval for all external contributors'",
      );
}

const NamesSchema = z.object({ secrets: z.array(z.object({ name: z.string() })) });

/** Whether the secrets that the workflows name are there: by name, never by value. */
export async function checkSecrets(client: Client, { secrets }: RepositoryNeeds): Promise<Check[]> {
  if (secrets.length === 0) return [];
  const lists = await Promise.all(
    ['secrets', 'organization-secrets'].map((list) =>
      askGitHub(client, `GET /repos/{owner}/{repo}/actions/${list}`, NamesSchema, { per_page: 100 }),
    ),
  );
  const [own] = lists;
  const there = lists
    .flatMap((seen) => (seen.is === 'there' ? seen.value.secrets : []))
    .map(({ name }) => name.toUpperCase());
  return secrets.map((name) => {
    const id = `secret ${name}`;
    if (there.includes(name.toUpperCase())) return ok(id, 'it is set');
    return own!.is === 'there'
      ? fail(id, 'a workflow names it, and it is not set', `gh secret set ${name}`)
      : warn(
          id,
          'this token cannot see which secrets are set',
          `gh secret list shows it to whoever may write; gh secret set ${name}`,
        );
  });
}

const RunnersSchema = z.object({
  runners: z.array(z.object({ status: z.string(), labels: z.array(z.object({ name: z.string() })) })),
});

/** Whether machines with the labels that the jobs ask for are there. */
export async function checkRunners(client: Client, { labels }: RepositoryNeeds): Promise<Check[]> {
  if (labels.length === 0) return [];
  const lists = await Promise.all([
    askGitHub(client, 'GET /repos/{owner}/{repo}/actions/runners', RunnersSchema, { per_page: 100 }),
    askGitHub(client, 'GET /orgs/{owner}/actions/runners', RunnersSchema, { per_page: 100 }),
  ]);
  const seen = lists.flatMap((list) => (list.is === 'there' ? list.value.runners : []));
  return labels.map((wanted) => {
    const id = `runners ${wanted.join(',')}`;
    const fitting = seen.filter(({ labels: has }) =>
      wanted.every((label) => has.some(({ name }) => name.toLowerCase() === label.toLowerCase())),
    );
    const online = fitting.filter(({ status }) => status === 'online').length;
    if (online > 0) return ok(id, `${online} online`);
    if (fitting.length > 0)
      return warn(
        id,
        `${fitting.length} are known, none is online`,
        'start one; those that are made for each job are not online between jobs',
      );
    return warn(
      id,
      lists.some(({ is }) => is === 'there')
        ? 'no runner with these labels is known'
        : 'this token cannot see the runners',
      lists.some(({ is }) => is === 'there')
        ? 'Settings, Actions, Runners; those that are made for each job are not known between jobs, and those of an organisation are seen by its owners'
        : ADMIN,
    );
  });
}
