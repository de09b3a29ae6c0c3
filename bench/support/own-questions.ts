import type { LiveBenchQuestion } from '../../src/harness/livebench/question.ts';

/** Questions of one turn, in LiveBench's format. */
export function makeQuestions(count: number): LiveBenchQuestion[] {
  return Array.from({ length: count }, (_, n) => {
    const turns = [`Write a few sentences about the number ${n + 10} and what it is known for.`];
    return toQuestion(`q${String(n).padStart(4, '0')}`, turns, {});
  });
}

/** @param more fields that LiveBench's driver reads. */
export function toQuestion(id: string, turns: string[], more: Record<string, unknown>): LiveBenchQuestion {
  const raw = {
    question_id: id,
    category: 'math',
    task: 'own',
    turns,
    livebench_release_date: '2024-06-24',
    livebench_removal_date: '',
    ...more,
  };
  return {
    id,
    category: 'math',
    task: 'own',
    turns,
    temperature: (more.required_temperature as number | undefined) ?? 0,
    ...(more.system_prompt === undefined ? {} : { systemPrompt: String(more.system_prompt) }),
    raw,
  };
}
