/** What a protocol's or subject's field is in plain English; by its path, without the task. */
const NAMES: Record<string, string> = {
  // of a whole run
  'harness.name': 'harness',
  'harness.version': 'version of the harness',
  backend: 'backend',
  systemInstruction: 'system instruction',
  chatTemplateApplied: 'whether the chat template is applied',
  enableThinking: 'whether the model thinks first',
  thinkEndToken: 'what ends the reasoning',
  seed: 'seed',
  includePaths: 'folders with own tasks',
  // of a task
  version: 'version of the task',
  fewshot: 'number of examples (few-shot)',
  outputType: 'kind of answer',
  metric: 'metric',
  filter: 'what is taken of an answer',
  generation: 'generation settings',
  data: 'data',
  prompts: 'prompts',
  documents: 'questions',
  tasks: 'tasks of the benchmark',
  // of a model
  chatTemplateSha256: 'chat template',
  tokenizerSha256: 'tokenizer',
  dtype: 'number format (dtype)',
  quantisation: 'quantisation',
  parameters: 'number of parameters',
  modelArgs: 'model arguments',
  servedModel: 'model that the server named',
};

/** A setting of a run, task or model. */
export interface FieldName {
  /** In words; the path itself where there are none. */
  name: string;
  /** Without its task: `fewshot` of `tasks.leaderboard_ifeval.fewshot`. One setting usually differs in many tasks alike. */
  field: string;
  isKnown: boolean;
}

/** A field of the protocol or the subject in words. The path can be from outside: what is returned is not escaped. */
export function nameField(path: string): FieldName {
  const field = /^tasks\.[^.]+\.(.+)$/.exec(path)?.[1] ?? /^benchmarks\.[^.]+\.(.+)$/.exec(path)?.[1] ?? path;
  const own = Object.hasOwn(NAMES, field) ? NAMES[field] : undefined;
  if (own !== undefined) return { name: own, field, isKnown: true };
  // `generation.max_gen_toks`: one of several settings.
  const [, group, part] = /^(generation|modelArgs|quantisation)\.(.+)$/.exec(field) ?? [];
  if (group !== undefined && part !== undefined)
    return { name: `${NAMES[group]}: ${part}`, field, isKnown: false };
  return { name: field, field, isKnown: false };
}
