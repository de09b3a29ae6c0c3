import { posix } from 'node:path';
import * as core from '@actions/core';
import { parse } from 'yaml';
import type { Client } from '../../github/client.ts';
import type { EventContext } from '../../github/event.ts';
import { askUnless } from '../../github/post.ts';
import type { Connection } from '../connection.ts';
import type { ActionRuntime } from '../runtime.ts';
import type { Objection } from '../steps/compare/judge.ts';
import { historyOf } from '../steps/compare/lookup.ts';
import type { Subject } from '../steps/compare/subject.ts';
import type { Trust } from './trust.ts';

/** What a change did to the workflow that evaluates it. */
export interface WorkflowEdits {
  objections: Objection[];
  notes: string[];
}

const NONE: WorkflowEdits = { objections: [], notes: [] };

/**
 * Compares the workflow file that GitHub took from the change, and the workflows and actions of the repository that it uses, with those
 * of the base. An author with write access can edit them, and with them every input: where they differ nothing that this run says is believed.
 *
 * @throws SosBenchError as every request to GitHub: what could not be compared must not pass.
 */
export async function findWorkflowEdits(
  connection: Connection,
  trust: Trust,
  subject: Subject,
  runtime: ActionRuntime,
): Promise<WorkflowEdits> {
  const { event, client } = connection;
  const file = trust.isChange ? workflowOf(event, subject, runtime) : null;
  if (file === null) return NONE;
  if (file === 'unknown')
    return notLooked(
      'the workflow that evaluates it is unknown: this runner does not say which file that is (GITHUB_WORKFLOW_REF).',
      trust,
    );
  const needed = `${file.path}, the workflow that evaluates it, is unknown: the check needs`;
  if (client === null) return notLooked(`${needed} a github-token (contents: read).`, trust);
  if (trust.base === null) return notLooked(`${needed} the commit of its base, which is not known.`, trust);
  const { base } = trust;
  const began = await historyOf(connection, runtime).mergeBase(base.sha, file.sha);
  const trusted = [...new Set([base.sha, subject.base?.sha ?? base.sha, began.sha ?? base.sha])];
  const edited = await findEdited(client, file, trusted);
  if (edited.length === 0) return NONE;
  return {
    notes: [],
    objections: [
      {
        conclusion: 'action_required',
        title: 'The workflow that evaluates is edited',
        text:
          `This ${trust.what} edits ${edited.join(', ')}, by which it is evaluated, so this run decides nothing. A maintainer can have the ` +
          "commit evaluated by the default branch's own workflow (where the bot is installed: /sos-bench run), or look at the edit and merge it past this check.",
      },
    ],
  };
}

/** What nobody compared is not an edit, and no proof of none: log, comment and check say so. */
function notLooked(what: string, trust: Trust): WorkflowEdits {
  const note = `Whether this ${trust.what} edits ${what}`;
  core.warning(note);
  return { objections: [], notes: [note] };
}

interface WorkflowFile {
  path: string;
  /** Commit that it was taken from. */
  sha: string;
}

/** The workflow file of this run, where it is the change's own; null where it is not, `unknown` where the runner does not say. */
function workflowOf(
  event: EventContext | null,
  { sha }: Subject,
  { environment }: ActionRuntime,
): WorkflowFile | 'unknown' | null {
  if (event?.kind === 'workflow-run') {
    const { path, headSha } = event.source;
    return path === null ? 'unknown' : { path, sha: headSha };
  }
  if (event === null || event.kind === 'comment') return null;
  // Started by `pull_request_target`, the workflow is the base's.
  if (event.kind === 'pull' && event.event === 'pull_request_target') return null;
  const [, repository, path] =
    /^([^/]+\/[^/]+)\/(\.github\/.+?\.ya?ml)@./.exec(environment.GITHUB_WORKFLOW_REF ?? '') ?? [];
  if (path === undefined) return 'unknown';
  // A required workflow is another repository's.
  if (repository !== event.repository) return null;
  if (event.kind === 'commit') return { path, sha: event.sha };
  return sha === null ? 'unknown' : { path, sha };
}

const MAX_FILES = 50;

/** Paths whose content at the head is none of the trusted commits'. */
async function findEdited(
  client: Client,
  { path, sha }: WorkflowFile,
  trusted: readonly string[],
): Promise<string[]> {
  // A commit of the base itself edits nothing.
  if (trusted.includes(sha)) return [];
  const edited: string[] = [];
  const seen = new Set([path]);
  for (const next of seen) {
    const [head, ...bases] = await Promise.all([sha, ...trusted].map((ref) => fetchEntry(client, next, ref)));
    // An action of another repository, checked out into the workspace, is in none of them.
    const isForeign = head === null && bases.every((base) => base === null);
    if (!isForeign && !bases.some((base) => base !== null && base.id === head?.id)) edited.push(next);
    for (const used of usesOf(head?.text ?? '')) if (seen.size < MAX_FILES) seen.add(used);
  }
  return edited;
}

interface Entry {
  /** What is equal where the content is. */
  id: string;
  /** Of a file, or of an action's own file. */
  text: string;
}

/** A file, or the folder of an action with all that is below it; null where a commit has none. */
async function fetchEntry(client: Client, path: string, ref: string): Promise<Entry | null> {
  const need = { doing: `read ${path} at ${ref.slice(0, 12)}`, permission: { contents: 'read' } as const };
  const { rest, repository } = client;
  return await askUnless(need, [404], async () => {
    const { data } = await rest.repos.getContent({ ...repository, path, ref });
    if (!Array.isArray(data)) {
      const content = 'content' in data ? data.content : '';
      return { id: data.sha, text: Buffer.from(content, 'base64').toString('utf8') };
    }
    // Of a folder below it the id covers all that it holds.
    const id = data
      .map(({ name, sha }) => `${name} ${sha}`)
      .sort()
      .join('\n');
    const own = data.find(({ name }) => name === 'action.yml' || name === 'action.yaml');
    return { id, text: own === undefined ? '' : ((await fetchEntry(client, own.path, ref))?.text ?? '') };
  });
}

/** Workflows and actions of the same repository that a file uses; not its root, of which any edit is one. */
function usesOf(text: string): string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'uses' && typeof inner === 'string' && inner.startsWith('./')) {
        const path = posix.normalize(inner).replace(/\/$/, '');
        if (path !== '.' && !path.startsWith('..')) found.push(path);
      } else walk(inner);
    }
  };
  try {
    walk(parse(text, { maxAliasCount: 100 }));
  } catch {
    return found;
  }
  return found;
}
