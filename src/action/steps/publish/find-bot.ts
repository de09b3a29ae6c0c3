import { parse } from 'yaml';
import { SosBenchError } from '../../../error.ts';
import type { Client } from '../../../github/client.ts';
import { askUnless } from '../../../github/post.ts';
import type { Verdict } from '../../../verdict/schema.ts';
import type { Connection } from '../../connection.ts';
import type { ReportTarget } from './publish.ts';

const FOLDER = '.github/workflows';
/** Files looked into: those whose names tell of it first. Each is a request. */
const MAX_FILES = 5;
const LIKELY = /bot|sos|bench|command|comment|chat/i;
/** `uses:` of the bot, of any owner and at any ref, or of a checkout. */
const BOT = /^(?:\.|[\w.-]+\/[\w.-]+)\/bot(?:@.+)?$/;

/**
 * Whether commands in comments are answered here: whether the default branch, from which GitHub takes what answers comments, has a workflow
 * that starts the bot. Looked for only where the report has something to ask of it. What cannot be read counts as none: it is a matter of a
 * line in the report.
 */
export async function findBot(
  { event, client }: Pick<Connection, 'event' | 'client'>,
  target: ReportTarget | null,
  verdict: Verdict | null,
): Promise<boolean> {
  if (client === null || event?.defaultBranch == null || target?.pull == null || verdict === null)
    return false;
  const isAsking = [...verdict.factors, ...verdict.benchmarks, ...(verdict.groups ?? [])].some(
    ({ outcome }) => outcome === 'regressed',
  );
  if (!isAsking) return false;
  try {
    const paths = await listWorkflows(client, event.defaultBranch);
    const inOrder = paths.toSorted((a, b) => Number(LIKELY.test(b)) - Number(LIKELY.test(a)));
    for (const path of inOrder.slice(0, MAX_FILES))
      if (startsBot(await readWorkflow(client, path, event.defaultBranch))) return true;
    return false;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return false;
  }
}

async function listWorkflows(client: Client, ref: string): Promise<string[]> {
  const need = { doing: `list ${FOLDER}`, permission: { contents: 'read' } as const };
  const { rest, repository } = client;
  const found = await askUnless(need, [404], async () => {
    const { data } = await rest.repos.getContent({ ...repository, path: FOLDER, ref });
    return Array.isArray(data) ? data.map(({ path }) => path) : [];
  });
  return (found ?? []).filter((path) => /\.ya?ml$/.test(path));
}

async function readWorkflow(client: Client, path: string, ref: string): Promise<string> {
  const need = { doing: `read ${path}`, permission: { contents: 'read' } as const };
  const { rest, repository } = client;
  const text = await askUnless(need, [404], async () => {
    const { data } = await rest.repos.getContent({ ...repository, path, ref });
    return 'content' in data ? Buffer.from(data.content, 'base64').toString('utf8') : '';
  });
  return text ?? '';
}

/** Whether a workflow answers comments by the bot; one that cannot be read does not. */
export function startsBot(text: string): boolean {
  let workflow: unknown;
  try {
    workflow = parse(text, { maxAliasCount: 100 });
  } catch {
    return false;
  }
  const { on, jobs } = asObject(workflow);
  const isOnComments =
    on === 'issue_comment' || 'issue_comment' in asObject(on) || asList(on).includes('issue_comment');
  const steps = Object.values(asObject(jobs)).flatMap((job) => asList(asObject(job).steps));
  return isOnComments && steps.some((step) => BOT.test(String(asObject(step).uses ?? '')));
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
