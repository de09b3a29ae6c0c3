import { SosBenchError } from '../../error.ts';
import {
  AUDITED_NAMES,
  type AuditedName,
  INTERVENTION_NAMES,
  isRewriting,
  REWRITING_NAMES,
  type RewritingName,
} from './catalogue.ts';
import { REWRITER_NAMES, type RewriterName } from './rewrite/instructions.ts';
import type { RewrittenFile } from './rewrite/read-rewritten.ts';

/** What an audit does to the answers, in the order of reports. */
export interface ChosenInterventions {
  names: AuditedName[];
  /** Of those that somebody has to write: the ones that a file has, and the ones that a model writes. */
  byFile: RewrittenFile[];
  byRewriter: RewriterName[];
}

/**
 * The interventions of a list, or all that can be where there is none. A file goes before the model that rewrites.
 *
 * @throws SosBenchError `usage` for a name that is none, and for one that nobody writes.
 */
export function chooseInterventions(
  list: string | null,
  { files, isRewriter }: { files: readonly RewrittenFile[]; isRewriter: boolean },
): ChosenInterventions {
  const fileOf = (name: RewritingName) => files.find(({ intervention }) => intervention === name);
  const isWritable = (name: RewritingName): name is RewriterName =>
    isRewriter && (REWRITER_NAMES as readonly RewritingName[]).includes(name);
  const possible = REWRITING_NAMES.filter((name) => fileOf(name) !== undefined || isWritable(name));
  const wanted = list === null ? [...INTERVENTION_NAMES, ...possible] : parseList(list);
  for (const name of wanted) {
    if (!isRewriting(name) || possible.includes(name)) continue;
    throw new SosBenchError('usage', `--interventions: nobody writes ${name} versions of the answers`, {
      hint:
        name === 'wrong'
          ? 'give --rewritten FILE'
          : `give --rewriter-server and --rewriter-model, or --rewritten ${name}=FILE`,
    });
  }
  const unused = files.find(({ intervention }) => !wanted.includes(intervention));
  if (unused !== undefined)
    throw new SosBenchError(
      'usage',
      `--interventions leaves out ${unused.intervention}, which --rewritten gives`,
      {
        hint: 'name it in the list, or leave the file out',
      },
    );
  const names = AUDITED_NAMES.filter((name) => wanted.includes(name));
  const rewritings = names.filter(isRewriting);
  return {
    names,
    byFile: rewritings.flatMap((name) => fileOf(name) ?? []),
    byRewriter: rewritings.filter((name) => fileOf(name) === undefined).filter(isWritable),
  };
}

function parseList(list: string): AuditedName[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !(AUDITED_NAMES as readonly string[]).includes(name));
  if (names.length > 0 && unknown === undefined) return names as AuditedName[];
  throw new SosBenchError(
    'usage',
    unknown === undefined ? '--interventions is empty' : `--interventions: there is no '${unknown}'`,
    { hint: `choose of ${AUDITED_NAMES.join(', ')}` },
  );
}
