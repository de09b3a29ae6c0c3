import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { plural } from '../../../count.ts';
import { SosBenchError } from '../../../error.ts';
import { parseJson } from '../../../json.ts';
import {
  type CompletionOptions,
  type Endpoint,
  type RateGate,
  RequestError,
  type RetryPolicy,
  requestCompletion,
} from '../../../serving/chat/completion.ts';
import { cutReasoning } from '../../../serving/chat/reasoning.ts';
import { runSlots } from '../../../serving/chat/run-slots.ts';
import { HttpFault } from '../../../serving/http.ts';
import { Sha256Schema } from '../../../sha256.ts';
import { fileError, makeFolder } from '../../../system/files/files.ts';
import { cutTornLine, LineFile, readKeptLines } from '../../../system/files/line-file.ts';
import { takeLock } from '../../../system/files/lock.ts';
import { abortWith } from '../../../system/process/abort-with.ts';
import { CHARACTERS_A_TOKEN, type TokenCounts } from '../../ask/budget.ts';
import { REASONING_END } from '../../ask/head-to-head-run.ts';
import type { AuditQuestion } from '../audit-answers.ts';
import { type RewriterName, rewriterInstructions } from './instructions.ts';

/** Most tokens of a version: our answers have under 100 words, and a rewriter may reason. */
const MAX_TOKENS = 4096;

const LineSchema = z.object({ key: Sha256Schema, answer: z.string() });

export interface RewriteOptions {
  questions: readonly AuditQuestion[];
  names: readonly RewriterName[];
  endpoint: Endpoint;
  /** Versions are kept there in `rewritten.ndjson`, as texts for this user alone; what is there is not asked again. */
  folder: string;
  concurrency: number;
  retryPolicy: RetryPolicy;
  signal: AbortSignal;
  onVersion?: (done: number, total: number) => void;
}

/** What having answers rewritten comes to: tokens read as counted from the texts, those written as if a version were as long as its answer. */
export function estimateRewriting(
  questions: readonly Pick<AuditQuestion, 'answer'>[],
  names: readonly RewriterName[],
): { requests: number; tokens: TokenCounts } {
  const tokensOf = (characters: number) => Math.ceil(characters / CHARACTERS_A_TOKEN);
  const output = questions.reduce((sum, { answer }) => sum + tokensOf(answer.length), 0) * names.length;
  const told = names.reduce((sum, name) => sum + tokensOf(rewriterInstructions(name).length), 0);
  return {
    requests: questions.length * names.length,
    tokens: { input: output + told * questions.length, output },
  };
}

interface Wanted {
  name: RewriterName;
  own: AuditQuestion;
  key: string;
}

/**
 * Has a model write versions of the answers. What it left of an answer is empty where it wrote nothing, or did not come to its end.
 *
 * @throws SosBenchError `run-locked`, `server-failed` where it cannot be asked, `interrupted`, `journal-invalid`, `disk-full`, `permission-denied`; what is
 *   written is kept.
 */
export async function rewriteAnswers(
  options: RewriteOptions,
): Promise<Map<RewriterName, Map<string, string>>> {
  const { folder } = options;
  await makeFolder(folder);
  const lock = await takeLock(join(folder, '.lock'), 'judge audit');
  try {
    return await rewriteDue(options);
  } finally {
    await lock.release();
  }
}

async function rewriteDue(options: RewriteOptions): Promise<Map<RewriterName, Map<string, string>>> {
  const { questions, names, endpoint, folder, concurrency, retryPolicy, signal, onVersion } = options;
  const kept = await openVersions(join(folder, 'rewritten.ndjson'));
  const wanted = names.flatMap((name) =>
    questions.map((own): Wanted => ({ name, own, key: versionKey(endpoint.model, name, own) })),
  );
  const due = wanted.filter(({ key }) => !kept.versions.has(key));
  const end = new AbortController();
  abortWith(end, signal);
  const rateGate: RateGate = { notBefore: 0 };
  let next = 0;
  let written = 0;
  // Those that it ends tell of that alone.
  let fault: unknown = null;
  const asking = { ...retryPolicy, rateGate, signal: end.signal, takesEmpty: true };
  const runSlot = async () => {
    try {
      for (let one = due[next++]; one !== undefined && !end.signal.aborted; one = due[next++]) {
        await kept.append({ key: one.key, answer: await requestVersion(one, endpoint, asking) });
        onVersion?.(wanted.length - due.length + ++written, wanted.length);
      }
    } catch (error) {
      fault ??= error;
      throw error;
    }
  };
  try {
    await runSlots(Math.min(concurrency, due.length), runSlot, end);
  } catch {
    throw rewriterFault(fault, due.length - written);
  } finally {
    end.abort();
    await kept.close();
  }
  if (signal.aborted && written < due.length) throw interrupted(due.length - written);
  const versions = new Map(names.map((name) => [name, new Map<string, string>()]));
  for (const { name, own, key } of wanted) versions.get(name)!.set(own.id, kept.versions.get(key)!);
  return versions;
}

async function requestVersion(
  { name, own }: Wanted,
  endpoint: Endpoint,
  options: CompletionOptions,
): Promise<string> {
  const body = {
    model: endpoint.model,
    messages: [
      { role: 'system' as const, content: rewriterInstructions(name) },
      { role: 'user' as const, content: own.answer },
    ],
    stream: false,
  };
  // Some servers know another name for the limit, or no temperature but their own.
  const shapes = [{ temperature: 0, max_tokens: MAX_TOKENS }, { max_completion_tokens: MAX_TOKENS }];
  for (const [index, shape] of shapes.entries()) {
    try {
      const completion = await requestCompletion({ ...body, ...shape }, endpoint, options);
      return completion.cut === true
        ? ''
        : cutReasoning(completion, { enabled: null, end: REASONING_END }).text.trim();
    } catch (error) {
      const isLast = index === shapes.length - 1;
      if (!(error instanceof RequestError) || error.kind !== 'question' || isLast) throw error;
    }
  }
  throw new Error('there is always a last shape');
}

function versionKey(model: string, name: RewriterName, { answer }: AuditQuestion): string {
  const parts = {
    version: 1,
    model,
    instructions: rewriterInstructions(name),
    maxTokens: MAX_TOKENS,
    answer,
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Versions on the disk, a line each. */
async function openVersions(path: string) {
  try {
    await cutTornLine(path);
    const versions = new Map<string, string>();
    for await (const { text, number } of readKeptLines(path)) {
      const { key, answer } = parseLine(path, number, text);
      versions.set(key, answer);
    }
    const lines = await LineFile.open(path, 'a');
    return {
      versions,
      async append(line: z.infer<typeof LineSchema>) {
        await lines.append(`${JSON.stringify(line)}\n`).catch((error: unknown) => {
          throw fileError(error, path, 'write');
        });
        versions.set(line.key, line.answer);
      },
      close: () => lines.close(),
    };
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

function parseLine(path: string, number: number, line: string): z.infer<typeof LineSchema> {
  try {
    return LineSchema.parse(parseJson(line));
  } catch (cause) {
    throw new SosBenchError(
      'journal-invalid',
      `${path} line ${number} cannot be read: it is not a rewritten answer`,
      { hint: 'restore the file, or remove it to have all answers rewritten again', cause },
    );
  }
}

function rewriterFault(error: unknown, left: number): unknown {
  if (error instanceof HttpFault && error.kind === 'aborted') return interrupted(left);
  if (!(error instanceof RequestError)) return error;
  return new SosBenchError(
    'server-failed',
    `the rewriter failed: ${error.message}; left: ${plural(left, 'answer')}`,
    {
      hint: 'see to rewriter-server, rewriter-model and REWRITER_API_KEY, then run the same command again: nothing is asked twice',
      cause: error,
    },
  );
}

function interrupted(left: number): SosBenchError {
  return new SosBenchError('interrupted', `stopped: ${plural(left, 'answer')} to rewrite left`, {
    hint: 'run the same command again: nothing is asked twice',
  });
}
