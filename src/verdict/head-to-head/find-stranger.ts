import { answeringModel } from '../../judge/texts/answers-dir.ts';
import type { HeadToHeadDocument } from '../../record/head-to-head.ts';
import type { RunRecord } from '../../record/schema.ts';

/** Why the judged answers are not those of the two that are compared; null where they are. */
export function findStranger(
  document: Pick<HeadToHeadDocument, 'baseline' | 'candidate'>,
  records: Record<'baseline' | 'candidate', Pick<RunRecord, 'model'>>,
): string | null {
  for (const side of ['baseline', 'candidate'] as const) {
    const shown = document[side]?.identity ?? null;
    const compared = answeringModel(records[side].model.identity ?? null);
    if (shown === null || compared === null)
      return `it is not known whether the judge saw answers of the ${side}'s model`;
    if (shown !== compared) return `the judge saw answers of another model than the ${side}'s`;
  }
  return null;
}
