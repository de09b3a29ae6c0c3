import {
  type ChatMessage,
  type CompletionOptions,
  type Endpoint,
  requestCompletion,
} from '../../../serving/chat/completion.ts';
import {
  type CutAnswer,
  cutReasoning,
  NOT_THINKING,
  type Thinking,
} from '../../../serving/chat/reasoning.ts';
import type { LiveBenchQuestion } from '../question.ts';
import type { Answer } from './answer-file.ts';

/**
 * Asks one question, turn by turn, as `gen_api_answer.py` at 555b35d asks a model it does not know: system prompt if
 * there is one, each answer as it came into the next turn's messages, `temperature`, `max_tokens`
 * (`max_completion_tokens` for names with "gpt" in them), no stream. Nothing is stripped but reasoning, where its end is known.
 *
 * @throws RequestError; HttpFault `aborted`.
 */
export async function requestAnswer(
  question: LiveBenchQuestion,
  endpoint: Endpoint,
  options: CompletionOptions & { maxTokens: number; thinking?: Thinking },
): Promise<Answer> {
  const { thinking = NOT_THINKING } = options;
  const started = performance.now();
  const messages: ChatMessage[] = [];
  if (question.systemPrompt !== undefined) messages.push({ role: 'system', content: question.systemPrompt });
  const turns: string[] = [];
  const endings: (Pick<CutAnswer, 'unended'> & { cut: boolean | null })[] = [];
  const counts = { prompt: 0 as number | null, output: 0 as number | null };
  for (const prompt of question.turns) {
    messages.push({ role: 'user', content: prompt });
    const { model } = endpoint;
    const limit = model.includes('gpt') ? 'max_completion_tokens' : 'max_tokens';
    const body = {
      model,
      messages,
      temperature: question.temperature,
      [limit]: options.maxTokens,
      stream: false,
      ...(thinking.inRequest &&
        thinking.enabled !== null && { chat_template_kwargs: { enable_thinking: thinking.enabled } }),
    };
    const completion = await requestCompletion(body, endpoint, options);
    const { text, unended } = cutReasoning(completion, thinking);
    messages.push({ role: 'assistant', content: text });
    turns.push(text);
    endings.push({ cut: completion.cut, ...(unended !== undefined && { unended }) });
    counts.prompt = add(counts.prompt, completion.promptTokens);
    counts.output = add(counts.output, completion.outputTokens);
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    questionId: question.id,
    turns,
    ...(endings.every(({ cut }) => cut !== null) && { cut: endings.some(({ cut }) => cut) }),
    ...(endings.every(({ unended }) => unended !== undefined) && {
      unended: endings.some(({ unended }) => unended),
    }),
    promptTokens: counts.prompt,
    outputTokens: counts.output,
    seconds,
  };
}

function add(sum: number | null, more: number | null): number | null {
  return sum === null || more === null ? null : sum + more;
}
