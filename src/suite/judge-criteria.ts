/** What a judge may be asked about two answers beside which one is better on the whole. */
export const CRITERIA = ['correctness', 'completeness', 'safety', 'conciseness', 'style'] as const;
export type Criterion = (typeof CRITERIA)[number];
