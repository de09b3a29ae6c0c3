import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LIVEBENCH_RELEASES } from '../../suite/livebench.ts';
import type { DocumentInventory } from '../../suite/plan/inventory.ts';

/** One question of LiveBench, as its `question.jsonl` has it. */
export interface LiveBenchQuestion {
  id: string;
  /** LiveBench's name, `data_analysis`. */
  category: string;
  task: string;
  /** The user's messages; nearly always one. */
  turns: string[];
  systemPrompt?: string;
  /** 0 unless the question asks for another. */
  temperature: number;
  /** The whole row, for the scorer. */
  raw: Record<string, unknown>;
}

/** Tasks whose answers are programs, which their grader runs. */
export const CODE_TASKS: readonly string[] = ['LCB_generation', 'coding_completion'];

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date like 2024-07-26');
const text = z.string().min(1, 'is empty');

const CommonSchema = z.looseObject({
  question_id: text,
  category: text,
  task: text,
  turns: z.array(text).min(1, 'has no message'),
  livebench_release_date: date,
  livebench_removal_date: z.union([date, z.literal('')]),
  subtask: text.optional(),
  system_prompt: z.string().optional(),
  required_temperature: z.number().min(0).optional(),
});

/** What the graders need beyond that; without it they stop at the question, or count it as wrong. */
const NEEDS = {
  code: z.looseObject({
    public_test_cases: text,
    private_test_cases: text,
    original_json: z.looseObject({ metadata: text }),
  }),
  instructions: z
    .looseObject({
      instruction_id_list: z.array(text).min(1, 'is empty'),
      kwargs: z.array(z.record(z.string(), z.unknown())),
    })
    .refine((row) => row.kwargs.length === row.instruction_id_list.length, {
      path: ['kwargs'],
      message: 'does not have one entry for each instruction',
    }),
  truth: z.looseObject({
    ground_truth: z.union([text, z.array(z.unknown()).min(1), z.record(z.string(), z.unknown())]),
  }),
};

/** Whether a question is one of a release, and whether it was still one then, as LiveBench tells. */
export function isOfRelease(row: Record<string, unknown>, release: string): boolean {
  const removed = String(row.livebench_removal_date);
  const released = LIVEBENCH_RELEASES.find((date) => date === row.livebench_release_date);
  return released !== undefined && released <= release && (removed === '' || removed > release);
}

/**
 * A question of a row. Absent and null fields are the same, as data sets write absent ones as null.
 *
 * @returns the question, or what is wrong: `turns.0 is empty`.
 */
export function parseQuestion(row: unknown): LiveBenchQuestion | string {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'it is not a JSON object';
  const given = Object.entries(row).filter(([, value]) => value !== null);
  const raw: Record<string, unknown> = { livebench_removal_date: '', ...Object.fromEntries(given) };
  const common = CommonSchema.safeParse(raw);
  if (!common.success) return describeIssue(common.error);
  const { question_id: id, category, task, turns, system_prompt, required_temperature } = common.data;
  const needed =
    NEEDS[
      CODE_TASKS.includes(task) ? 'code' : category === 'instruction_following' ? 'instructions' : 'truth'
    ].safeParse(raw);
  if (!needed.success) return describeIssue(needed.error);
  return {
    id,
    category,
    task,
    turns,
    ...(system_prompt === undefined ? {} : { systemPrompt: system_prompt }),
    temperature: required_temperature ?? 0,
    raw,
  };
}

function describeIssue({ issues: [issue] }: z.ZodError): string {
  const message = issue?.code === 'invalid_type' ? 'is missing or of another type' : issue?.message;
  return `${issue?.path.join('.')} ${message}`;
}

/**
 * Identity of a question: the first 8 bytes (16 hex digits) of the SHA-256 of its row as JSON with sorted keys. The same
 * from every source, so nulls do not count; nor does the day of removal, which a later snapshot of the data set adds.
 */
export function hashQuestion(question: LiveBenchQuestion): string {
  const { livebench_removal_date: _, ...content } = question.raw;
  return createHash('sha256')
    .update(JSON.stringify(canonical(content)))
    .digest('hex')
    .slice(0, 16);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, canonical(entry)]),
  );
}

/**
 * A task's questions as a plan sees them; lengths are characters of all messages.
 *
 * @param maxNewTokens most tokens of an answer.
 */
export function describeQuestions(
  questions: readonly LiveBenchQuestion[],
  maxNewTokens: number,
): DocumentInventory {
  return {
    hashes: questions.map(hashQuestion),
    clusters: questions.map(() => null),
    lengths: questions.map(({ turns, systemPrompt = '' }) =>
      turns.reduce((total, turn) => total + turn.length, systemPrompt.length),
    ),
    exampleLength: 0,
    // Each turn's prompt holds those before it, which a server keeps.
    readings: questions.map(() => 1),
    dropped: {},
    maxNewTokens,
  };
}
