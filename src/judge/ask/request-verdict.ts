import {
  type Completion,
  type CompletionOptions,
  type Endpoint,
  RequestError,
  requestCompletion,
} from '../../serving/chat/completion.ts';
import { cutReasoning } from '../../serving/chat/reasoning.ts';
import { type AskedCriteria, orderCriteria } from '../criteria/order.ts';
import { readCriteria, sameInAll } from '../criteria/read-criteria.ts';
import { NO_TOKENS } from './budget.ts';
import { cutAnswers, nextCut } from './cut-answers.ts';
import type { OpenGame } from './head-to-head.ts';
import type { JudgedGame } from './judge.ts';
import { judgeMessages, verdictSchema } from './prompt.ts';
import { readVerdict } from './verdict.ts';

const MAX_NAME_LENGTH = 300;

/** What a judge's server takes in a request, found out with the first one. */
export interface RequestShape {
  /** Whether it writes by schema. */
  schema: boolean;
  /** Whether a temperature may be asked for: some judges know only their own. */
  temperature: boolean;
  limit: 'max_tokens' | 'max_completion_tokens';
}

export const FIRST_SHAPE: RequestShape = { schema: true, temperature: true, limit: 'max_tokens' };

/** What a server says that does not know a part of the request, and how the next one goes without it. */
const NOT_TAKEN: readonly [RegExp, (shape: RequestShape) => RequestShape | null][] = [
  [
    /max_completion_tokens/i,
    (shape) => (shape.limit === 'max_tokens' ? { ...shape, limit: 'max_completion_tokens' } : null),
  ],
  [
    /response_?format|json_?schema|structured|guided|grammar/i,
    (shape) => (shape.schema ? { ...shape, schema: false } : null),
  ],
  [/temperature/i, (shape) => (shape.temperature ? { ...shape, temperature: false } : null)],
];

/** How a judge is asked; all of it is its protocol. */
export interface JudgeManner {
  /** What it is told. */
  system: string;
  /** Most tokens of a verdict, reasoning included. */
  maxTokens: number;
  /** Text that ends reasoning. */
  reasoningEnd: string;
  /** What it is asked beside the verdict; nothing where left out. */
  criteria?: AskedCriteria;
}

/** What a server's judge said, and what its server takes, for the next request. */
export type ServerVerdict = JudgedGame & { shape: RequestShape };

/**
 * Asks the judge about one game. What the server refuses of the request is left out, and the game is asked again.
 *
 * @throws RequestError `server`, `gone`, `refused`; HttpFault `aborted`.
 */
export async function requestVerdict(
  { game, question, answers }: OpenGame,
  endpoint: Endpoint,
  options: CompletionOptions & { manner: JudgeManner; shape: RequestShape },
): Promise<ServerVerdict> {
  const { manner } = options;
  const { system, criteria } = manner;
  const order = criteria && orderCriteria(criteria, game.question);
  let most = Infinity;
  for (let shape = options.shape; ; ) {
    const shown = { question, answers: cutAnswers(answers, most) };
    const messages = judgeMessages(shown, { system, schema: shape.schema, ...(order && { order }) });
    const body = {
      model: endpoint.model,
      messages,
      ...(shape.temperature && { temperature: 0 }),
      [shape.limit]: manner.maxTokens,
      stream: false,
      ...(shape.schema && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'verdict', strict: true, schema: verdictSchema(order) },
        },
      }),
    };
    try {
      const completion = await requestCompletion(body, endpoint, { ...options, takesEmpty: true });
      const servedBy = completion.servedBy?.slice(0, MAX_NAME_LENGTH);
      return {
        ...readCompletion(completion, manner),
        ...(most < Infinity && { cut: true }),
        ...(servedBy && servedBy !== endpoint.model && { servedBy }),
        shape,
      };
    } catch (error) {
      if (!(error instanceof RequestError) || error.kind !== 'question') throw error;
      const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
      const excess = excessOf(error.message, characters, manner.maxTokens);
      const shorter = excess === null ? null : nextCut(answers, most, excess);
      if (shorter !== null) {
        most = shorter;
        continue;
      }
      const next = excess === null ? withoutRefused(error.message, shape) : null;
      if (next === null)
        return {
          verdict: null,
          ...(criteria && { criteria: sameInAll(criteria.names, null) }),
          ...{ reason: error.message, tokens: NO_TOKENS, refused: isRefused(error), shape },
        };
      shape = next;
    }
  }
}

/** How `requestCompletion` tells of it. */
const TOO_LONG = /^longer than the model's context: /;
const CONTEXT = /context (?:length|window|size)(?: is|:)?(?: only)? (\d+)/i;
const PROMPT = /(?:prompt has|request has|prompt contains(?: at least)?|resulted in|passed) (\d+)/i;

/**
 * Characters by which a prompt is too long for the judge's context, as far as its server says; 0 where it does not say by how much.
 *
 * @returns null where the refusal is another, or no cut would help: the room asked for the verdict alone is too much.
 */
function excessOf(message: string, characters: number, verdictTokens: number): number | null {
  if (!TOO_LONG.test(message)) return null;
  const [context, prompt] = [CONTEXT, PROMPT].map((pattern) =>
    Number(pattern.exec(message)?.[1] ?? Number.NaN),
  ) as [number, number];
  if (Number.isNaN(context) || Number.isNaN(prompt)) return 0;
  // A server that counts the verdict in refuses a prompt that has room by itself.
  const room = prompt >= context ? context : context - verdictTokens;
  return room <= 0 ? null : ((prompt - room) / prompt) * characters;
}

/** The server looked at the request, and gave no answer. */
function isRefused({ message }: RequestError): boolean {
  return message.startsWith('status ');
}

function readCompletion(completion: Completion, { reasoningEnd, criteria: asked }: JudgeManner): JudgedGame {
  const { text } = cutReasoning(completion, { enabled: null, end: reasoningEnd });
  const read =
    asked === undefined ? { verdict: readVerdict(text)?.verdict ?? null } : readCriteria(text, asked.names);
  const { promptTokens: input, writtenTokens: output } = completion;
  const tokens = input === null || output === null ? null : { input, output };
  if (read.verdict !== null) return { ...read, reason: null, tokens, refused: false };
  const reason =
    completion.empty ??
    (completion.cut ? 'cut at the limit of tokens before its verdict' : 'without a verdict');
  return { ...read, reason, tokens, refused: false };
}

function withoutRefused(message: string, shape: RequestShape): RequestShape | null {
  if (!message.startsWith('status 4')) return null;
  for (const [pattern, leaveOut] of NOT_TAKEN) {
    const next = pattern.test(message) ? leaveOut(shape) : null;
    if (next !== null) return next;
  }
  return null;
}
