import { z } from 'zod';
import type { Client } from '../../github/client.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { askGitHub } from './ask-github.ts';
import type { RepositoryNeeds } from './find-needs.ts';

const RulesSchema = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({
        required_status_checks: z.array(z.object({ context: z.string() })).optional(),
        require_code_owner_review: z.boolean().optional(),
      })
      .optional(),
  }),
);
type Rules = z.infer<typeof RulesSchema>;

/** What a classic protection tells everybody. */
const BranchSchema = z.object({
  protection: z
    .object({ required_status_checks: z.object({ contexts: z.array(z.string()).default([]) }).optional() })
    .optional(),
});
const ContentSchema = z.object({ content: z.string() });
const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const CLOSING = ['creation', 'update', 'deletion'];

/** Whether the branches are held: the check is required, nobody edits the workflows alone, nobody else writes the records. */
export async function checkRules(
  client: Client,
  branch: string,
  { checks, storeBranches }: RepositoryNeeds,
): Promise<Check[]> {
  const rules = await readRules(client, branch);
  if (rules === null)
    return [
      warn(
        'branch-rules',
        `GitHub does not say which rules hold for ${branch}`,
        'give a token that may read this repository',
      ),
    ];
  const found: Check[] = [];
  if (checks.length > 0) found.push(await checkRequired(client, branch, checks, rules));
  found.push(await checkGuard(client, branch, rules));
  for (const name of storeBranches) found.push(await checkStore(client, name));
  return found;
}

async function readRules(client: Client, branch: string): Promise<Rules | null> {
  const seen = await askGitHub(client, 'GET /repos/{owner}/{repo}/rules/branches/{branch}', RulesSchema, {
    branch,
    per_page: 100,
  });
  // An older Enterprise Server has no rulesets.
  return seen.is === 'there' ? seen.value : seen.is === 'missing' ? [] : null;
}

async function checkRequired(
  client: Client,
  branch: string,
  checks: readonly string[],
  rules: Rules,
): Promise<Check> {
  const id = 'branch-rules';
  const byRules = rules.flatMap(({ parameters }) =>
    (parameters?.required_status_checks ?? []).map(({ context }) => context),
  );
  const seen = await askGitHub(client, 'GET /repos/{owner}/{repo}/branches/{branch}', BranchSchema, {
    branch,
  });
  const classic = seen.is === 'there' ? (seen.value.protection?.required_status_checks?.contexts ?? []) : [];
  const missing = checks.filter((name) => ![...byRules, ...classic].includes(name));
  return missing.length === 0
    ? ok(id, `${branch} requires ${checks.join(', ')}`)
    : fail(
        id,
        `${branch} does not require the check ${missing.join(', ')}: what got worse can be merged`,
        `Settings, Rules, Rulesets, for ${branch}: 'Require status checks to pass', add ${missing.join(', ')}`,
      );
}

async function checkGuard(client: Client, branch: string, rules: Rules): Promise<Check> {
  const id = 'workflow-guard';
  if (rules.some(({ type }) => type === 'workflows'))
    return ok(id, `${branch} requires workflows that a pull request cannot edit`);
  const reviewed = rules.some(
    ({ type, parameters }) => type === 'pull_request' && parameters?.require_code_owner_review === true,
  );
  const owned = await ownsWorkflows(client);
  if (reviewed && owned) return ok(id, `code owners have to review changes of .github/ into ${branch}`);
  const missing = [
    ...(owned ? [] : ["a line '/.github/ @OWNERS' in .github/CODEOWNERS"]),
    ...(reviewed ? [] : [`'Require review from Code Owners' in the ruleset of ${branch}`]),
  ];
  return warn(
    id,
    'whoever may push can edit the workflows of a pull request, and leave the check out',
    missing.join(', and '),
  );
}

/** Whether the last line of CODEOWNERS that is about the workflows names somebody, as GitHub reads it. */
async function ownsWorkflows(client: Client): Promise<boolean> {
  for (const path of CODEOWNERS) {
    const seen = await askGitHub(client, `GET /repos/{owner}/{repo}/contents/${path}`, ContentSchema);
    if (seen.is !== 'there') continue;
    const lines = Buffer.from(seen.value.content, 'base64')
      .toString('utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
      .filter(([pattern = '']) => isAboutWorkflows(pattern));
    return (lines.at(-1)?.length ?? 0) > 1;
  }
  return false;
}

function isAboutWorkflows(pattern: string): boolean {
  const folder = pattern.replace(/^\//, '').replace(/(\/\*{0,2})+$/, '');
  return pattern !== '' && ['*', '**', '.github', '.github/workflows', ''].includes(folder);
}

async function checkStore(client: Client, branch: string): Promise<Check> {
  const id = `store-rules ${branch}`;
  const hint = `a ruleset for ${branch}: 'Restrict creations', 'Restrict updates', 'Restrict deletions', with GitHub Actions (or the app that writes) on the bypass list; docs/history.md#protect-the-branch`;
  const rules = await readRules(client, branch);
  if (rules === null) return warn(id, `GitHub does not say which rules hold for ${branch}`, hint);
  const missing = CLOSING.filter((type) => !rules.some((rule) => rule.type === type));
  return missing.length === 0
    ? ok(id, `nobody but those who bypass the ruleset writes ${branch}, where the records are`)
    : warn(id, `everybody who may push can write the records on ${branch}`, hint);
}
