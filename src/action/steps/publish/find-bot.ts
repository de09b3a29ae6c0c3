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
/** Called workflows that are looked into beside them. */
const MAX_CALLED = 5;
const LIKELY = /bot|sos|bench|command|comment|chat/i;
/** `uses:` of the bot, of any owner and at any ref, or of a checkout. */
const BOT = /^(?:\.|[\w.-]+\/[\w.-]+)\/bot(?:@.+)?$/;

/** `uses:` of a reusable workflow: of this repository at the caller's commit, or of any repository at a ref. */
const CALL =
  /^(?:\.|(?<owner>[\w.-]+)\/(?<repo>[\w.-]+))\/(?<path>\.github\/workflows\/[\w.-]+)(?:@(?<ref>.+))?$/;

/** A workflow file; of this repository where it names no other. */
interface WorkflowFile {
  owner?: string;
  repo?: string;
  path: string;
  ref: string;
}

/**
 * Whether commands in comments are answered here: whether the default branch, from which GitHub takes what answers comments, has a workflow
 * that starts the bot, itself or in a workflow that it calls. Looked for only where the report has something to ask of it. What cannot be read counts as none: it is a matter of a
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
    const called = new Map<string, WorkflowFile>();
    const follow = (calls: readonly string[], caller: WorkflowFile) => {
      for (const file of calls.map((call) => resolveCall(call, caller)))
        called.set(JSON.stringify(file), file);
    };
    for (const path of inOrder.slice(0, MAX_FILES)) {
      const file = { path, ref: event.defaultBranch };
      const found = lookForBot(await readWorkflow(client, file), 'answers-comments');
      if (found.isThere) return true;
      follow(found.calls, file);
    }
    let count = 0;
    // What these call in their turn is come to as well: a map is gone through with what is added meanwhile.
    for (const file of called.values()) {
      if (count++ === MAX_CALLED) break;
      const found = lookForBot(await readWorkflow(client, file), 'called');
      if (found.isThere) return true;
      follow(found.calls, file);
    }
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

/** The text of a workflow; empty where it cannot be had. */
async function readWorkflow(client: Client, { path, ref, owner, repo }: WorkflowFile): Promise<string> {
  const need = { doing: `read ${path}`, permission: { contents: 'read' } as const };
  const { rest, repository } = client;
  const source = owner === undefined || repo === undefined ? repository : { owner, repo };
  const text = await askUnless(need, [403, 404], async () => {
    const { data } = await rest.repos.getContent({ ...source, path, ref });
    return 'content' in data ? Buffer.from(data.content, 'base64').toString('utf8') : '';
  });
  return text ?? '';
}

/** A call names a file of the caller's own repository and commit, or of another. */
function resolveCall(uses: string, caller: WorkflowFile): WorkflowFile {
  const { owner, repo, path, ref } = CALL.exec(uses)!.groups as Partial<WorkflowFile> & { path: string };
  return owner === undefined || repo === undefined
    ? { ...caller, path }
    : { owner, repo, path, ref: ref ?? caller.ref };
}

/**
 * Whether a workflow starts the bot, and which workflows it calls, in which the bot may be.
 *
 * @param how `answers-comments`: it counts only where comments start it. What is called counts whatever starts it by itself. One that
 *   cannot be read does neither.
 */
export function lookForBot(
  text: string,
  how: 'answers-comments' | 'called',
): { isThere: boolean; calls: string[] } {
  let workflow: unknown;
  try {
    workflow = parse(text, { maxAliasCount: 100 });
  } catch {
    return { isThere: false, calls: [] };
  }
  const { on, jobs } = asObject(workflow);
  const isOnComments =
    on === 'issue_comment' || 'issue_comment' in asObject(on) || asList(on).includes('issue_comment');
  if (how === 'answers-comments' && !isOnComments) return { isThere: false, calls: [] };
  const all = Object.values(asObject(jobs)).map(asObject);
  const steps = all.flatMap((job) => asList(job.steps));
  return {
    isThere: steps.some((step) => BOT.test(String(asObject(step).uses ?? ''))),
    calls: all.map(({ uses }) => String(uses ?? '')).filter((uses) => CALL.test(uses)),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
