import { SosBenchError } from '../../error.ts';
import { findLiveBench, releasesOf } from '../../harness/livebench/checkout/checkout.ts';
import { type LiveBenchEnvironment, liveBenchPython } from '../../harness/livebench/checkout/environment.ts';
import { refuseCode } from '../../harness/livebench/grade/score.ts';
import { isAddress } from '../../serving/given-server.ts';
import type { ServerKind } from '../../serving/model-server.ts';
import { planServer } from '../../serving/plan-server.ts';
import { findSandbox } from '../../system/sandbox/find.ts';
import type { Sandbox } from '../../system/sandbox/sandbox.ts';
import type { EvaluationContext, QuestionRequest } from '../request.ts';
import { endOfReasoning, lostEndOfReasoning } from './end-of-reasoning.ts';
import { refuseLaunched, type ServerSlot } from './server-slots.ts';

/** What LiveBench's benchmarks need, all of it here. */
export interface ReadyLiveBench {
  kind: 'ready';
  environment: LiveBenchEnvironment;
  sandbox: Sandbox;
  /** The kind of server that will answer; null where no model is to be asked. */
  server: ServerKind | null;
  /** Why answers that are programs are not scored; null where they are. */
  codingRefused: string | null;
}

export type LiveBenchReadiness = ReadyLiveBench | { kind: 'unavailable'; reason: string };

interface LiveBenchResources {
  cache: string;
  /** Where a server would run; null to plan only. */
  serverSlot: ServerSlot | null;
  /** Words before every worker's command. */
  launcher?: readonly string[];
  /** What ends reasoning, text or id of a token; null for nothing. */
  end?: string | null;
}

/**
 * Looks for LiveBench's code, its Python, a sandbox, and what a server of the model needs; builds what can be built. What
 * cannot be had is a reason to skip LiveBench's benchmarks: the others go on.
 *
 * @throws SosBenchError for settings that name what is not there (`data-missing`, `usage`), and `interrupted`.
 */
export async function prepareLiveBench(
  { livebench }: Pick<QuestionRequest, 'livebench'>,
  {
    cwd,
    environment,
    progress,
    signal,
  }: Pick<EvaluationContext, 'cwd' | 'environment' | 'progress' | 'signal'>,
  { cache, serverSlot, launcher = [], end = null }: LiveBenchResources,
): Promise<LiveBenchReadiness> {
  const note = (text: string) => progress.note(text);
  const { dir, ref, release, allowUnsafeCode } = livebench;
  const refused = serverSlot === null ? null : await refuseServer(serverSlot, launcher, end);
  if (refused !== null) return { kind: 'unavailable', reason: refused };
  const checkout = await findLiveBench({ dir, ref, cwd, cache, environment, note, signal });
  if (checkout.kind === 'unavailable')
    return { kind: 'unavailable', reason: `${checkout.reason}; ${checkout.hint}` };
  const known = checkout.pinned ? null : await releasesOf(checkout);
  if (known !== null && !known.includes(release)) {
    const reason = `LiveBench at ${checkout.commit?.slice(0, 7) ?? checkout.folder} has no release ${release}, only ${known.join(', ')}`;
    return { kind: 'unavailable', reason };
  }
  if (checkout.deviation !== null) note(`LiveBench: ${checkout.deviation}`);
  try {
    const server = serverSlot === null ? null : await planServer(serverSlot);
    const { python, nltkData } = await liveBenchPython({ cache, environment, note, signal });
    const sandbox = await findSandbox(python, environment);
    const codingRefused = refuseCode(sandbox, allowUnsafeCode);
    if (codingRefused !== null) note(`LiveBench coding: ${codingRefused}`);
    return { kind: 'ready', environment: { python, nltkData, checkout }, sandbox, server, codingRefused };
  } catch (error) {
    return { kind: 'unavailable', reason: reasonOf(error) };
  }
}

/**
 * Which server would answer for the model, or why none can.
 *
 * @param launcher words before every worker's command.
 * @param end what ends reasoning, text or id of a token; null for nothing.
 * @throws SosBenchError `usage`.
 */
export async function findServer(
  serverSlot: ServerSlot,
  launcher: readonly string[],
  end: string | null,
): Promise<{ kind: ServerKind } | { refused: string }> {
  const refused = await refuseServer(serverSlot, launcher, end);
  if (refused !== null) return { refused };
  try {
    return { kind: await planServer(serverSlot) };
  } catch (error) {
    return { refused: reasonOf(error) };
  }
}

/** Why no server can answer for the model, as far as settings and its files tell at once; null where one may. */
async function refuseServer(
  slot: ServerSlot,
  launcher: readonly string[],
  end: string | null,
): Promise<string | null> {
  const { path } = slot.model;
  const isGiven = isAddress(slot.server);
  await endOfReasoning(end, path);
  const lost = isGiven ? null : await lostEndOfReasoning(end, path);
  if (lost !== null) return lost;
  if (path === '' && !isGiven) return NOTHING_TO_SERVE;
  const launched = refuseLaunched(slot.server, launcher);
  return launched && `${launched.reason}; ${launched.hint}`;
}

/** What cannot be had, as opposed to what was asked for wrongly, which is thrown. */
function reasonOf(error: unknown): string {
  if (!(error instanceof SosBenchError) || !SKIPPABLE.has(error.code)) throw error;
  return `${error.message}${error.hint ? `; ${error.hint}` : ''}`;
}

const NOTHING_TO_SERVE =
  'the backend asks a server for completions, and LiveBench needs one that chats: give its address as server';

/** What this machine or model lacks, as opposed to settings that are wrong. */
const SKIPPABLE = new Set<string>([
  'model-unservable',
  'server-failed',
  'python-missing',
  'python-unsuitable',
  'environment-failed',
]);
