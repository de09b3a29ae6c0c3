import { z } from 'zod';
import type { Client } from '../../github/client.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { askGitHub } from './ask-github.ts';
import type { RepositoryNeeds } from './find-needs.ts';

const WorkflowsSchema = z.object({ workflows: z.array(z.object({ path: z.string(), state: z.string() })) });
const BranchSchema = z.object({ name: z.string() });

/** Whether the workflows of this checkout are on the default branch and switched on, and main has left a record. */
export async function checkWorkflows(
  client: Client,
  branch: string,
  { files, storeBranches }: RepositoryNeeds,
): Promise<Check[]> {
  const seen = await askGitHub(client, 'GET /repos/{owner}/{repo}/actions/workflows', WorkflowsSchema, {
    per_page: 100,
  });
  const checks = files.map((path) => {
    const id = `workflow ${path.split('/').at(-1)}`;
    if (seen.is !== 'there')
      return warn(id, 'this token cannot see the workflows', "give it 'Actions: read'");
    const found = seen.value.workflows.find((one) => one.path === path);
    if (found === undefined) return fail(id, `it is not on ${branch}`, `merge it into ${branch}`);
    return found.state === 'active'
      ? ok(id, `it is on ${branch}`)
      : fail(id, `it is switched off (${found.state})`, `gh workflow enable ${path.split('/').at(-1)}`);
  });
  for (const store of storeBranches) checks.push(await checkBaseline(client, branch, store));
  return checks;
}

async function checkBaseline(client: Client, branch: string, store: string): Promise<Check> {
  const id = `records ${store}`;
  const { is } = await askGitHub(client, 'GET /repos/{owner}/{repo}/branches/{branch}', BranchSchema, {
    branch: store,
  });
  if (is === 'there') return ok(id, `the branch ${store} keeps records`);
  return warn(
    id,
    `there is no branch ${store} yet: pull requests have nothing to be compared with`,
    `a push to ${branch}, or a night, makes it`,
  );
}
