import { createHash } from 'node:crypto';
import { z } from 'zod';
import { plural } from '../../count.ts';
import { firstIssue } from '../../first-issue.ts';
import { JudgeBoardSchema } from '../../judge/score/game.ts';
import { measureStyle } from '../../judge/style/measure-style.ts';
import { pickFields } from '../format/pick-fields.ts';
import { readRecords } from '../read-records.ts';
import { BadRecord, BadRecords, Refusal } from '../refusal.ts';
import { type PreferenceFile, Preferences, preferenceShare } from './preferences.ts';

const name = JudgeBoardSchema.shape.judge;
const text = z.string();

/** As AlpacaEval writes it (alpaca_eval cd543a1, `results/MODEL/JUDGE/annotations.json`). */
const RowSchema = z.object({
  instruction: text,
  dataset: text.nullish(),
  generator_1: name.nullish(),
  generator_2: name,
  annotator: name,
  preference: z.unknown(),
  output_1: text.nullish(),
  output_2: text.nullish(),
});

/**
 * Reads AlpacaEval's annotations: what a judge preferred, the reference's answer or the model's, question by question. Each question was judged once, in
 * an order that the file does not tell. Of texts only digests and counts are kept; a question is called by its own digest.
 *
 * @throws Refusal when most of the file cannot be read, or it holds no annotations, or too many.
 */
export async function readAnnotations(path: string, file: string): Promise<PreferenceFile[]> {
  const found = new Preferences();
  const bad = new BadRecords();
  const good = await readRecords(
    path,
    false,
    (bytes, fields) => {
      const parsed = RowSchema.safeParse(pickFields(bytes, fields, Object.keys(RowSchema.shape)));
      if (!parsed.success) throw new BadRecord(`no annotation: ${firstIssue(parsed.error, '')}`);
      const { instruction, dataset, generator_1, generator_2, annotator, preference, output_1, output_2 } =
        parsed.data;
      const share = preferenceShare(preference ?? null);
      if (share === undefined) throw new BadRecord('its preference is none from 1 to 2');
      const answers = { model: digestOf(output_2), reference: digestOf(output_1) };
      const styles =
        typeof output_1 === 'string' && typeof output_2 === 'string'
          ? { model: measureStyle([output_2]), reference: measureStyle([output_1]) }
          : undefined;
      found.add(
        generator_2,
        { judge: annotator, reference: generator_1 ?? null },
        {
          question: sha256(JSON.stringify([dataset ?? null, instruction])).slice(0, QUESTION_DIGITS),
          ...(share !== null && { preference: share }),
          ...{ answers, ...(styles && { styles }) },
        },
      );
    },
    bad,
  );
  bad.requireMinority(good);
  const lost = [...bad.reasons].map(
    ([reason, count]) => `${file}: ${plural(count, 'annotation')} left out: ${reason}`,
  );
  const files = found.files(file, lost);
  if (files.length === 0) throw new Refusal('it holds no annotations');
  return files;
}

/** Enough that no two questions share a name. */
const QUESTION_DIGITS = 32;

function digestOf(answer: string | null | undefined): string | null {
  return answer == null ? null : sha256(answer);
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
