import { plural } from '../../count.ts';
import { costOf } from '../../judge/ask/budget.ts';
import { planTexts } from '../../judge/ask/head-to-head-run.ts';
import { isPinned } from '../../judge/ask/pinned.ts';
import type { JudgedGames } from '../../judge/score/game.ts';
import { readKeptAnswers } from '../../judge/texts/answers-dir.ts';
import type { AnswerTexts } from '../../judge/texts/read-texts.ts';
import {
  askNamedJudge,
  boundedName,
  type Contest,
  isPinnedJudge,
  keptMainAnswers,
  requireKey,
  skipOf,
  skippedBy,
} from './head-to-head.ts';
import type { KeptJudge } from './kept-judge.ts';
import { whyNoJudge } from './prepare.ts';

/** Digits of main's identity that name the folder of games which were judged beside it. */
const APART_DIGITS = 16;

/** Games against a reference, and how the judge was asked. */
export interface ReferenceGames {
  board: JudgedGames;
  protocol: string;
  pinned: boolean;
  /** Main's answers against the same reference, judged in the same run; left out where the judge is pinned, or main's answers are not kept. */
  main?: JudgedGames;
}

/**
 * Has a judge compare the model's answers, which are kept, with those of the reference that the settings name. The games go into the record,
 * so that main's model and the change's are compared by their scores. What the kept judge has used up counts against the same limits.
 *
 * @returns none where no reference is named, and where it came to nothing, which is said.
 */
export async function judgeAgainstReference(
  contest: Contest & { kept: KeptJudge },
): Promise<ReferenceGames[]> {
  const { ready, context, judgeKey, model, kept } = contest;
  const { request: settings, reference, root, questions, benchmark, system } = ready;
  if (reference === null || context.signal.aborted) return [];
  // Without a key an earlier run may have asked all there is to ask.
  if (whyNoJudge(settings, judgeKey)?.reason === 'no-judge') return [];
  try {
    const key = requireKey(ready, model.identity);
    const left = (limit: number | null, spent: number) => limit && Math.max(0, limit - spent);
    // Behind an alias there may be another judge by the next run: main is judged beside the model then, and both apart from what was judged before.
    const isAlias = settings.server !== null && !isPinned(settings.model ?? '');
    const main = isAlias ? await keptMainAnswers(contest, key) : null;
    const apart = main && `beside-${main.model.slice(0, APART_DIGITS)}`;
    const ask = async (candidate: AnswerTexts) => {
      const { used } = kept;
      const budget = {
        maxTokens: left(settings.maxTokens, used.input + used.output),
        maxCost: left(settings.maxCost, costOf(used, settings.prices) ?? 0),
        prices: settings.prices,
      };
      const planned = planTexts(
        { questions, baseline: reference, candidate, source: benchmark, other: 'reference' },
        {
          ...{ mode: settings.mode, system, verdictTokens: settings.verdictTokens, repeat: false, budget },
          ...(ready.criteria && { criteria: ready.criteria }),
        },
      );
      const asked = await askNamedJudge(contest, { key, planned, budget, apart });
      if (asked.outcome.stopped !== null) throw skippedBy(asked.outcome.stopped, asked.outcome);
      return asked;
    };
    const { judge, outcome } = await ask({
      ...{ model: model.name, answers: await readKeptAnswers(root, key) },
    });
    const { games } = outcome.board;
    context.progress.note(
      `Judge: ${plural(games.length, 'game')} against ${reference.model}, ${outcome.requests} asked in this run`,
    );
    const names = {
      benchmark: boundedName(benchmark),
      judge: boundedName(judge.name),
      reference: boundedName(reference.model),
    };
    const pinned = isPinnedJudge(judge);
    const own = { board: { ...names, category: null, games }, protocol: judge.protocol, pinned };
    if (main === null) return [own];
    try {
      const again = await ask({ model: main.name, answers: main.answers });
      const asked = again.outcome.board.games;
      context.progress.note(
        `Judge: ${plural(asked.length, 'game')} of main against ${reference.model}, ${again.outcome.requests} asked in this run: '${judge.name}' may be another judge by now`,
      );
      return [{ ...own, main: { ...own.board, games: asked } }];
    } catch (error) {
      const { reason, text } = skipOf(error, context.signal);
      if (reason !== 'interrupted')
        context.progress.note(`Judge: main not against ${reference.model}: ${text}`);
      return [own];
    }
  } catch (error) {
    const { reason, text } = skipOf(error, context.signal);
    if (reason !== 'interrupted') context.progress.note(`Judge: not against ${reference.model}: ${text}`);
    return [];
  }
}
