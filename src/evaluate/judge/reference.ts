import { plural } from '../../count.ts';
import { costOf } from '../../judge/ask/budget.ts';
import { planTexts, type Spent } from '../../judge/ask/head-to-head-run.ts';
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
import { isAlias, whyNoJudge } from './prepare.ts';

/** Digits of main's identity that name the folder of games which were judged beside it. */
const APART_DIGITS = 16;

/** Games against a reference, and how the judge was asked. */
export interface ReferenceGames {
  board: JudgedGames;
  protocol: string;
  pinned: boolean;
  /** What they came to, whichever run asked them. */
  spent: Spent;
  /** Main's answers against the same reference, judged beside them; left out where the judge is pinned, or main's answers are not kept. */
  main?: { board: JudgedGames; spent: Spent };
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
    const { used } = kept;
    const budget = {
      maxTokens: left(settings.maxTokens, used.input + used.output),
      maxCost: left(settings.maxCost, costOf(used, settings.prices) ?? 0),
      prices: settings.prices,
    };
    const plan = (candidate: AnswerTexts) =>
      planTexts(
        { questions, baseline: reference, candidate, source: benchmark, other: 'reference' },
        {
          ...{ mode: settings.mode, system, verdictTokens: settings.verdictTokens, repeat: false, budget },
          ...(ready.criteria && { criteria: ready.criteria }),
        },
      );
    const own = plan({ model: model.name, answers: await readKeptAnswers(root, key) });
    // Behind an alias there may be another judge by the next run: main is judged beside the model then, and both apart from what was judged before.
    const main = isAlias(settings) ? await keptMainAnswers(contest, key) : null;
    const again = main && planMain(main, plan, contest);
    const apart = again && `beside-${main!.model.slice(0, APART_DIGITS)}`;
    const planned: Parameters<typeof askNamedJudge>[1]['planned'] = again === null ? [own] : [own, again];
    const { judge, outcomes } = await askNamedJudge(contest, { key, planned, budget, apart });
    const { stopped } = outcomes[0]!;
    const unasked = outcomes.reduce((sum, outcome) => sum + outcome.unasked, 0);
    if (stopped !== null) throw skippedBy(stopped, { unasked });
    const [judged, judgedAgain] = outcomes.map(({ board, requests, spent }, index) => {
      context.progress.note(
        `Judge: ${plural(board.games.length, 'game')}${index === 0 ? '' : ' of main'} against ${reference.model}, ${requests} asked in this run` +
          (index === 0 ? '' : `: '${judge.name}' may be another judge by now`),
      );
      return { games: board.games, spent };
    });
    const names = {
      benchmark: boundedName(benchmark),
      judge: boundedName(judge.name),
      reference: boundedName(reference.model),
    };
    const board = { ...names, category: null };
    return [
      {
        board: { ...board, games: judged!.games },
        ...{ protocol: judge.protocol, pinned: isPinnedJudge(judge), spent: judged!.spent },
        ...(judgedAgain && {
          main: { board: { ...board, games: judgedAgain.games }, spent: judgedAgain.spent },
        }),
      },
    ];
  } catch (error) {
    const { reason, text } = skipOf(error, context.signal);
    if (reason !== 'interrupted') context.progress.note(`Judge: not against ${reference.model}: ${text}`);
    return [];
  }
}

/** Main's games against the reference; null where it lacks too many answers, which is said. */
function planMain(
  { name, answers }: NonNullable<Awaited<ReturnType<typeof keptMainAnswers>>>,
  plan: (candidate: AnswerTexts) => ReturnType<typeof planTexts>,
  { context, ready }: Contest,
): ReturnType<typeof planTexts> | null {
  try {
    return plan({ model: name, answers });
  } catch (error) {
    const { text } = skipOf(error, context.signal);
    context.progress.note(`Judge: main not against ${ready.reference!.model}: ${text}`);
    return null;
  }
}
