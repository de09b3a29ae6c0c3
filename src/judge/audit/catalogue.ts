import { INTERVENTIONS, type InterventionKind, type InterventionName } from './interventions/intervene.ts';

/** Versions of an answer that somebody has to write: a model that the user names, or a file of the user's. */
const REWRITINGS = {
  wrong: 'substance',
  sarcastic: 'style',
  undiverse: 'style',
  concise: 'style',
} as const satisfies Record<string, InterventionKind>;

export type RewritingName = keyof typeof REWRITINGS;
/** What an audit may do to an answer. */
export type AuditedName = InterventionName | RewritingName;

/** Those that need no model, in the order of reports. */
export const INTERVENTION_NAMES = Object.keys(INTERVENTIONS) as InterventionName[];
export const REWRITING_NAMES = Object.keys(REWRITINGS) as RewritingName[];
/** All of them, in the order of reports. */
export const AUDITED_NAMES: readonly AuditedName[] = [...INTERVENTION_NAMES, ...REWRITING_NAMES];

export function isRewriting(name: AuditedName): name is RewritingName {
  return name in REWRITINGS;
}

export function auditedKind(name: AuditedName): InterventionKind {
  return isRewriting(name) ? REWRITINGS[name] : INTERVENTIONS[name].kind;
}

/** The two sides of the headline. Added markdown is no loss to a reader and so on neither side. */
export const HEADLINE_NAMES: Readonly<Record<'substance' | 'style', readonly AuditedName[]>> = {
  substance: ['wrong-number', 'negated', 'truncated', 'wrong'],
  style: ['markdown-stripped', 'padded', 'repeated', 'typos', 'sarcastic', 'undiverse', 'concise'],
};
