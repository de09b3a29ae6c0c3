import { createHash } from 'node:crypto';
import { type JudgeAudit, JudgeAuditSchema } from '../../src/judge/audit/schema.ts';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const intervention = (id: string, lost: number) => ({
  ...{ id, kind: 'substance', pairs: 40, unread: 0, notApplicable: 0, p: 0.001, pAdjusted: 0.01 },
  ...{ preferred: 0.5 + lost, ci: [0.4 + lost, Math.min(1, 0.6 + lost)], lost },
});

/** What an audit found of the judge of this protocol: 31 points for a wrong number, 12 for stripped markdown. */
export function makeJudgeAudit(protocol: string, edit: Partial<JudgeAudit> = {}): JudgeAudit {
  return JudgeAuditSchema.parse({
    ...{
      schemaVersion: 1,
      date: '2026-11-30T10:00:00.000Z',
      benchmark: 'judge-mini',
      questions: 40,
      seed: 1,
    },
    judge: {
      name: 'a-judge',
      mode: 'verdict',
      protocol,
      identity: null,
      pinned: true,
      prompt: sha256('prompt'),
    },
    ...{
      texts: sha256('texts'),
      rewriter: null,
      rewritten: [],
      status: 'done',
      reason: null,
      games: 800,
      unread: 0,
    },
    ...{
      position: null,
      contradicted: { pairs: 0, of: 400 },
      identical: null,
      headline: null,
      styleJudge: false,
    },
    interventions: [intervention('wrong-number', 0.312), intervention('markdown-stripped', 0.118)],
    ...{ requests: 800, tokens: { input: 0, output: 0 }, cost: null },
    ...edit,
  });
}
