import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { Client } from '../../github/client.ts';
import { authorise, FREE, mayWrite } from '../../github/commands/authorise.ts';
import { countCommands } from '../../github/commands/command-count.ts';
import {
  type Command,
  commandHelp,
  type ParsedComment,
  parseComment,
} from '../../github/commands/commands.ts';
import { dispatchWorkflow } from '../../github/commands/dispatch.ts';
import { react } from '../../github/commands/reactions.ts';
import { rerunPush } from '../../github/commands/rerun.ts';
import { postComment } from '../../github/comment/comment.ts';
import type { CommentContext, Pull } from '../../github/event.ts';
import { knowsComment } from '../../github/known-run.ts';
import { fetchPull } from '../../github/pull.ts';
import { escapeBlock, escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import { explainBenchmark } from '../../report/explain.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { CATALOGUE } from '../../suite/catalogue.ts';
import { TOKEN_INPUT } from '../../workflow-expression.ts';
import { connect, originOf } from '../connection.ts';
import { type ActionInputs, readActionInputs, readInput } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { accept } from './accept.ts';
import { type Asked, MAX_WARNING, type Reply, reportsOf } from './asked.ts';
import { findFlips, findOtherNames } from './find-flips.ts';

/** Commands of one author that are answered within an hour. */
const MAX_COMMANDS = 10;
const KNOWN = [...CATALOGUE.map(({ id }) => id), ...FACTORS];

/** Answers a command in a comment. Starts workflows and keeps waivers; runs nothing itself. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const { event, client } = connection;
    if (event?.kind !== 'comment') {
      throw new SosBenchError('usage', `the bot was started by '${event?.event ?? 'no event'}'`, {
        hint: 'start it with `on: issue_comment: types: [created]`',
      });
    }
    if (client === null) {
      throw new SosBenchError('usage', 'the bot needs a github-token', {
        hint: `give \`${TOKEN_INPUT}\` and the permissions of docs/permissions.md`,
      });
    }
    const first = parseComment(event, KNOWN);
    if (first.kind === 'none') {
      core.info('No command in that comment.');
      return EXIT.passed;
    }
    if (await isTooMany(client, event, first, runtime)) {
      warn(await react(client, event.comment.id, 'confused'));
      core.notice(
        `More than ${MAX_COMMANDS} commands of that author within an hour: this one is not answered.`,
      );
      return EXIT.passed;
    }
    const pull = await fetchPull(client, event.number);
    const isUnknownName = first.kind === 'mistake' && first.isUnknownName;
    const parsed = isUnknownName
      ? parseComment(event, [...KNOWN, ...(await findOtherNames(client, pull, reportsOf(inputs)))])
      : first;
    if (parsed.kind === 'none') return EXIT.passed;
    const answer =
      parsed.kind === 'mistake'
        ? { done: false, text: parsed.message }
        : await obey(parsed.command, { event, client, pull, inputs, connection, runtime });
    warn(await react(client, event.comment.id, answer.done ? 'rocket' : '-1'));
    if (answer.text !== null) await reply(client, event, pull, inputs, answer.text);
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}

/**
 * Whether the author has given more commands within the hour than are answered: each costs a token's requests, of which there are
 * 1,000 an hour for all of the repository. Who may write can still start, accept and rebaseline.
 */
async function isTooMany(
  client: Client,
  event: CommentContext,
  parsed: ParsedComment,
  { environment, now }: ActionRuntime,
): Promise<boolean> {
  const workflow =
    /\/\.github\/workflows\/([^/@]+)@/.exec(environment.GITHUB_WORKFLOW_REF ?? '')?.[1] ?? null;
  if ((await countCommands(client, event, { workflow, now: now() })) <= MAX_COMMANDS) return false;
  const { author } = event.comment;
  const isFree = parsed.kind !== 'command' || FREE.includes(parsed.command.name);
  return isFree || author === null || !(await mayWrite(client, author));
}

async function obey(command: Command, asked: Asked): Promise<Reply> {
  const { event, client, pull } = asked;
  const allowed = await authorise(client, { command, context: event, pull });
  if (!allowed.allowed) return { done: false, text: allowed.reason };
  // What is answered at once needs no sign that it was seen.
  if (!FREE.includes(command.name)) warn(await react(client, event.comment.id, 'eyes'));
  switch (command.name) {
    case 'run':
      return await startEvaluation(asked, allowed.sha, command);
    case 'rebaseline':
      return await startBaseline(asked);
    case 'accept':
      return await accept(asked, command);
    case 'explain':
      return await explain(asked, command.benchmark);
    case 'help':
      return { done: true, text: commandHelp() };
  }
}

async function startEvaluation(
  { event, client, pull }: Asked,
  sha: string,
  { suite, benchmarks }: Extract<Command, { name: 'run' }>,
): Promise<Reply> {
  const workflow = readInput('workflow');
  const posted = await dispatchWorkflow(client, {
    workflow,
    ref: event.defaultBranch ?? 'main',
    inputs: { pull: String(pull.number), sha, suite, benchmarks: benchmarks.join(',') },
    request: `comment-${event.comment.id}`,
  });
  if (!posted.posted) return { done: false, text: escapeBlock(posted.warning, MAX_WARNING) };
  const what = benchmarks.length > 0 ? ` (${escapeMarkdown(benchmarks.join(', '))})` : '';
  return {
    done: true,
    text: `Suite \`${suite}\`${what} was started on \`${sha}\`; the report follows here.`,
  };
}

async function startBaseline({ client, pull }: Asked): Promise<Reply> {
  const workflow = readInput('baseline-workflow');
  const rerun = await rerunPush(client, { workflow, branch: pull.baseRef });
  if (!rerun.posted) return { done: false, text: escapeBlock(rerun.warning, MAX_WARNING) };
  const { how, sha, url } = rerun;
  const when = how === 'started' ? 'again' : 'already';
  return {
    done: true,
    text: `\`${sha}\` of ${escapeCode(pull.baseRef)} is being evaluated ${when}: ${url}`,
  };
}

async function explain({ client, pull, inputs }: Asked, benchmark: string): Promise<Reply> {
  const isFactor = FACTORS.some((id) => id === benchmark);
  const flips = isFactor ? { problem: '' } : await findFlips(client, pull, reportsOf(inputs), benchmark);
  return { done: true, text: explainBenchmark(benchmark, flips) };
}

/** One answer on a pull request, rewritten for each command. */
async function reply(
  client: Client,
  event: CommentContext,
  pull: Pull,
  inputs: ActionInputs,
  text: string,
): Promise<void> {
  const posted = await postComment(client, {
    pull: pull.number,
    // Comments are numbered in the order in which they were written: a later command's answer is the newer one.
    stamp: { report: `${inputs.reportId} bot`, sha: pull.headSha, run: event.comment.id, attempt: 1 },
    render: () => text,
    isKnown: (seen) => knowsComment(client, pull.number, seen),
    origin: originOf({ pull }),
  });
  warn(posted);
}

function warn(posted: { posted: boolean; warning?: string }): void {
  if (!posted.posted && posted.warning) core.warning(posted.warning, { title: 'SOS-Bench: not posted' });
}
