import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { Criterion } from '../../suite/judge-criteria.ts';
import { type OpenGame, planGames } from '../ask/head-to-head.ts';
import type { JudgeGame } from '../score/game.ts';
import { sampleQuestions } from '../texts/sample.ts';
import type { AuditQuestion } from './audit-answers.ts';
import { type AuditedName, isRewriting, type RewritingName } from './catalogue.ts';
import { intervene } from './interventions/intervene.ts';

/** An answer beside an altered version of it. */
export interface AuditPair {
  intervention: AuditedName;
  /** The question's id. */
  question: string;
}

/** Versions that somebody wrote, by intervention and question. */
export type RewrittenVersions = ReadonlyMap<RewritingName, ReadonlyMap<string, string>>;

/** What an audit asks. */
export interface AuditPlan {
  questions: AuditQuestion[];
  interventions: readonly AuditedName[];
  /** By the id that their games have. */
  pairs: ReadonlyMap<string, AuditPair>;
  /** Two of each pair, one an order: in them the altered version is `model`, and the original `reference`. */
  open: OpenGame[];
  /** Of each intervention, answers that it cannot alter, by the reason. */
  notApplicable: ReadonlyMap<AuditedName, ReadonlyMap<string, number>>;
}

/** A seeded sample of the questions, each category by its share; the same whatever is done to them. */
export function drawAuditQuestions(
  questions: readonly AuditQuestion[],
  { pairs, seed }: { pairs: number; seed: number },
): AuditQuestion[] {
  const drawn = new Set(sampleQuestions(questions, pairs, seed).map(({ id }) => id));
  return questions.filter(({ id }) => drawn.has(id));
}

/**
 * The games of an audit: each answer against each altered version of itself, in both orders. A pair of equal texts is asked about as well,
 * since it shows what a judge makes of the order alone; of the other interventions, one that changed nothing is not applicable.
 *
 * @param rewritten versions of the interventions that somebody has to write.
 * @param criteria what the judge is asked beside the verdict, which an audit does not look at.
 * @throws SosBenchError `data-invalid` where none of the answers can be altered: nothing would be asked, and nothing found.
 */
export function planAudit(
  questions: readonly AuditQuestion[],
  {
    interventions,
    rewritten,
    seed,
    criteria = [],
  }: {
    interventions: readonly AuditedName[];
    rewritten: RewrittenVersions;
    seed: number;
    criteria?: readonly Criterion[];
  },
): AuditPlan {
  const pairs = new Map<string, AuditPair>();
  const open: OpenGame[] = [];
  const notApplicable = new Map<AuditedName, Map<string, number>>();
  for (const intervention of interventions) {
    for (const own of questions) {
      const altered = isRewriting(intervention)
        ? rewrittenVersion(own, rewritten.get(intervention))
        : intervene(intervention, own, seed);
      if ('notApplicable' in altered) {
        const reasons = notApplicable.get(intervention) ?? new Map<string, number>();
        reasons.set(altered.notApplicable, (reasons.get(altered.notApplicable) ?? 0) + 1);
        notApplicable.set(intervention, reasons);
        continue;
      }
      const id = `${intervention}/${own.id}`;
      pairs.set(id, { intervention, question: own.id });
      const answered = { id, question: own.question, model: altered.answer, reference: own.answer };
      const planned = planGames([answered], criteria);
      open.push(...planned.open, ...planned.ties.map((game) => openTie(game, own)));
    }
  }
  if (open.length === 0) throw nothingToAsk(questions.length, notApplicable);
  return { questions: [...questions], interventions, pairs, open, notApplicable };
}

function nothingToAsk(answers: number, notApplicable: AuditPlan['notApplicable']): SosBenchError {
  const reasons = [...notApplicable].map(([name, why]) => `${name}: ${[...why.keys()].join(', ')}`);
  return new SosBenchError(
    'data-invalid',
    `no answer of ${plural(answers, 'question')} can be altered (${reasons.join('; ')})`,
    { hint: 'name other --interventions, or leave them out for all that can be' },
  );
}

function rewrittenVersion(
  { id, answer }: AuditQuestion,
  versions: ReadonlyMap<string, string> | undefined,
): { answer: string } | { notApplicable: string } {
  const version = versions?.get(id)?.trim();
  if (version === undefined || version === '') return { notApplicable: 'nobody has written it' };
  return version === answer.trim() ? { notApplicable: 'it was written as it was' } : { answer: version };
}

/** Head to head equal answers are ties; here they are a question to the judge. */
function openTie({ criteria: _, ...game }: JudgeGame, { question, answer }: AuditQuestion): OpenGame {
  return { game: { ...game, verdict: null }, question, answers: [answer, answer] };
}
