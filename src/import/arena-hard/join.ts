import { plural } from '../../count.ts';
import { boardKey, type JudgedGames, type JudgeGame } from '../../judge/score/game.ts';
import type { JudgedModel } from '../judged/judged-model.ts';
import type { AnswerDigests } from './answers.ts';
import type { ArenaHardFile, JudgedBoard } from './judgments.ts';

/**
 * Puts the files of each model together. A question that two files judge alike counts once, by the later file, and is named.
 *
 * @param answers digests of answers, as far as their files were given.
 */
export function joinArenaHard(files: readonly ArenaHardFile[], answers: AnswerDigests): JudgedModel[] {
  const models = new Map<string, ArenaHardFile[]>();
  for (const file of files) models.set(file.model, [...(models.get(file.model) ?? []), file]);
  return [...models].map(([model, own]) => {
    const boards = new Map<string, JudgedBoard>();
    const losses = own.flatMap((file) => file.losses);
    for (const { file, boards: read } of own) {
      for (const board of read.values()) {
        const known = boards.get(boardKey(board));
        if (known === undefined) {
          boards.set(boardKey(board), { ...board, questions: new Map(board.questions) });
          continue;
        }
        const twice = [...board.questions.keys()].filter((question) => known.questions.has(question)).length;
        if (twice > 0)
          losses.push(`${file}: ${plural(twice, 'question')} judged in two files: the later file counts`);
        for (const [question, verdicts] of board.questions) known.questions.set(question, verdicts);
      }
    }
    const judged = [...boards.values()].map((board) => toGames(model, board, answers));
    return { model, files: [...new Set(own.map(({ file }) => file))], boards: judged, published: [], losses };
  });
}

function toGames(model: string, { questions, ...board }: JudgedBoard, answers: AnswerDigests): JudgedGames {
  const digestOf = (name: string | null, question: string) =>
    name === null ? null : (answers.get(name)?.get(question) ?? null);
  const games = [...questions].flatMap(([question, verdicts]) =>
    (['reference', 'model'] as const).map(
      (first, order): JudgeGame => ({
        question,
        first,
        verdict: verdicts[order]!,
        answers: {
          model: digestOf(model, question),
          reference: digestOf(board.reference, question),
        },
      }),
    ),
  );
  return { ...board, games };
}
