import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { plural } from '../../../count.ts';
import { SosBenchError } from '../../../error.ts';
import { readAnswerTexts } from '../../texts/read-texts.ts';
import type { AuditQuestion } from '../audit-answers.ts';
import { REWRITING_NAMES, type RewritingName } from '../catalogue.ts';
import type { JudgeAudit } from '../schema.ts';

/** A file of versions, and what was done to the answers in it. */
export interface RewrittenFile {
  intervention: RewritingName;
  path: string;
}

/**
 * `FILE` or `NAME=FILE`; without a name it has answers with a wrong fact.
 *
 * @throws SosBenchError `usage` for a name that is none, or that is there twice.
 */
export function parseRewritten(values: readonly string[]): RewrittenFile[] {
  const files = values.map((value): RewrittenFile => {
    const [, name, path] = /^([a-z-]+)=(.+)$/s.exec(value) ?? [undefined, 'wrong', value];
    const intervention = REWRITING_NAMES.find((one) => one === name);
    if (intervention !== undefined && path !== '') return { intervention, path: path! };
    throw new SosBenchError(
      'usage',
      `--rewritten ${value}: there is no '${name}' that answers may be rewritten to`,
      {
        hint: `give FILE (a wrong fact in each answer), or NAME=FILE with one of ${REWRITING_NAMES.join(', ')}`,
      },
    );
  });
  const twice = files.find(({ intervention }, index) =>
    files.slice(0, index).some((other) => other.intervention === intervention),
  );
  if (twice === undefined) return files;
  throw new SosBenchError('usage', `--rewritten is there twice for ${twice.intervention}`, {
    hint: 'give one file for each',
  });
}

/**
 * Reads versions of the answers, by question: JSON lines with `id` (or `uid`) and `answer`, or as Arena-Hard has them.
 *
 * @throws SosBenchError `data-invalid`, also where it has a version of none of the answers.
 */
export async function readRewritten(
  { intervention, path }: RewrittenFile,
  questions: readonly AuditQuestion[],
): Promise<{ versions: ReadonlyMap<string, string>; source: JudgeAudit['rewritten'][number] }> {
  const { answers: versions } = await readAnswerTexts(path);
  if (!questions.some(({ id }) => versions.has(id))) {
    throw new SosBenchError(
      'data-invalid',
      `${path} has no version of the answers to the ${plural(questions.length, 'question')} of this audit`,
      {
        hint: 'give the questions and answers that it was written from, with --judge-questions and --answers',
      },
    );
  }
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path)) sha256.update(chunk as Buffer);
  return {
    versions,
    source: { intervention, file: basename(path).slice(0, 300), sha256: sha256.digest('hex') },
  };
}
