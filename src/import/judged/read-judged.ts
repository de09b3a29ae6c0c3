import { basename } from 'node:path';
import { readAnnotations } from '../alpaca-eval/annotations.ts';
import { isPreferenceTable, readPreferenceTable } from '../alpaca-eval/preference-table.ts';
import type { PreferenceFile } from '../alpaca-eval/preferences.ts';
import { type AnswerDigests, readArenaHardAnswers } from '../arena-hard/answers.ts';
import { joinArenaHard } from '../arena-hard/join.ts';
import { type ArenaHardFile, readArenaHard } from '../arena-hard/judgments.ts';
import { type PublishedModel, readJudgeBoard } from '../boards/read-board.ts';
import { readTable } from '../format/read-table.ts';
import type { Unjoined } from '../join.ts';
import type { Names } from '../names.ts';
import { type JudgedModel, joinJudged, joinPreferences, joinPublished } from './judged-model.ts';

/** Files of judges, by kind, and where what cannot be used is listed. */
export interface JudgedFiles {
  arenaHard: readonly string[];
  /** Answers of Arena-Hard or LiveBench. */
  answers: readonly string[];
  /** AlpacaEval's. */
  annotations: readonly string[];
  /** Published boards, and tables of preferences. */
  boards: readonly string[];
  /** Does the work for one file; where that is refused, the others are still read. */
  attempt: (path: string, work: () => Promise<void>) => Promise<void>;
  ignore: (path: string, reason: string) => void;
}

/** What judges found of models, by all files; what boards publish comes apart, since a board has other people's models too. */
export interface ReadJudged {
  judged: JudgedModel[];
  published: JudgedModel[];
}

/** @throws SosBenchError as {@link joinJudged}. */
export async function readJudged(
  files: JudgedFiles,
  names: Names | null,
  onProgress: (path: string) => void,
): Promise<ReadJudged> {
  const { attempt } = files;
  const preferences: PreferenceFile[] = [];
  const published: PublishedModel[] = [];
  for (const path of files.annotations) {
    onProgress(path);
    await attempt(path, async () => void preferences.push(...(await readAnnotations(path, basename(path)))));
  }
  for (const path of files.boards) {
    await attempt(path, async () => {
      const table = await readTable(path);
      if (isPreferenceTable(table.columns)) preferences.push(...readPreferenceTable(table, basename(path)));
      else published.push(...readJudgeBoard(table, basename(path)));
    });
  }
  const named = published.map((own) => ({ ...own, model: names?.boards.get(own.model) ?? own.model }));
  return {
    judged: joinJudged([...(await readJudgments(files, onProgress)), ...joinPreferences(preferences)]),
    published: joinJudged(joinPublished(named)),
  };
}

/** Judgments of Arena-Hard, with digests of the answers whose files lie among the paths. */
async function readJudgments(
  { arenaHard, answers, attempt, ignore }: JudgedFiles,
  onProgress: (path: string) => void,
): Promise<JudgedModel[]> {
  const files: ArenaHardFile[] = [];
  for (const path of arenaHard) {
    onProgress(path);
    await attempt(path, async () => void files.push(...(await readArenaHard(path, basename(path)))));
  }
  const wanted = new Set(
    files.flatMap(({ model, boards }) => [model, ...[...boards.values()].map((board) => board.reference)]),
  );
  const digests: AnswerDigests = new Map();
  for (const path of answers) {
    if (files.length === 0) {
      ignore(path, 'it holds answers; their scores are in the judgments, in model_judgment/');
      continue;
    }
    onProgress(path);
    await attempt(path, async () => {
      const read = await readArenaHardAnswers(path);
      if (![...read.keys()].some((model) => wanted.has(model)))
        ignore(path, 'it holds answers of no model that is judged here');
      for (const [model, own] of read) digests.set(model, new Map([...(digests.get(model) ?? []), ...own]));
    });
  }
  return joinArenaHard(files, digests);
}

/**
 * What boards publish of the models that are imported anyway; where nothing else is, of all. A row of a board without such a model is somebody else's, and
 * is reported. So is one without a score that can be used.
 *
 * @param models that results or judgments of this import are of.
 */
export function ownPublished(
  published: readonly JudgedModel[],
  models: ReadonlySet<string>,
): { own: JudgedModel[]; unjoined: Unjoined[] } {
  const isOurs = ({ model }: JudgedModel) => models.size === 0 || models.has(model);
  const own = published.filter((one) => isOurs(one) && one.published.length > 0);
  const unjoined = published
    .filter((one) => !own.includes(one))
    .map((one) => ({
      ...{ model: one.model, file: one.files.join(', ') },
      reason: isOurs(one)
        ? one.losses.join('; ')
        : 'a board has it, and no results or judgments that are imported with it',
    }));
  return { own, unjoined };
}
