import { auditCitation } from '../../judge/audit/citation.ts';
import type { JudgeAudit } from '../../judge/audit/schema.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import type { CitedAudit } from './schema.ts';

/** Said where an audit is given that is of another judge. */
const OF_ANOTHER =
  'The audit that judge-audit names is of another judge than the one that was asked here, or of one that is asked in another way (model, prompt, ' +
  'mode, criteria, most tokens of a verdict). It is not cited.';

/**
 * What a trusted audit says of the judge that saw the candidate's answers, head to head or against a reference. Which judge that was is a claim of
 * the job that evaluated: it can make the citation appear or be missing, and not change a word of it.
 *
 * @param audit null where nobody names one.
 */
export function citeAudit(
  audit: JudgeAudit | null,
  { record, headToHead }: Pick<LoadedRecord, 'record' | 'headToHead'>,
): { cited: CitedAudit | null; note: string | null } {
  const document = headToHead !== undefined && 'document' in headToHead ? headToHead.document : null;
  const protocols = [...(document?.judges ?? []), ...(record.judge ?? [])].map(({ protocol }) => protocol);
  if (audit === null || protocols.length === 0) return { cited: null, note: null };
  if (!protocols.includes(audit.judge.protocol)) return { cited: null, note: OF_ANOTHER };
  const { date, questions, status, styleJudge, interventions, judge } = audit;
  const lost = interventions.flatMap((one) =>
    one.lost === null ? [] : [{ id: one.id, lost: one.lost, ci: one.ci }],
  );
  return {
    cited: {
      ...{ judge: judge.name, protocol: judge.protocol, date, questions, status, styleJudge },
      lost: lost.map(({ id, lost: points, ci }) => ({
        ...{ id, lost: points },
        ci: ci && [ci[0] - 0.5, ci[1] - 0.5],
      })),
      said: auditCitation(audit),
    },
    note: null,
  };
}
