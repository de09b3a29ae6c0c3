import { plural } from '../../count.ts';
import { costOf } from '../../judge/ask/budget.ts';
import { planTexts } from '../../judge/ask/head-to-head-run.ts';
import type { JudgedGames } from '../../judge/score/game.ts';
import { readKeptAnswers } from '../../judge/texts/answers-dir.ts';
import {
  askNamedJudge,
  boundedName,
  type Contest,
  isPinnedJudge,
  requireKey,
  skipOf,
  skippedBy,
} from './head-to-head.ts';
import type { KeptJudge } from './kept-judge.ts';
import { whyNoJudge } from './prepare.ts';

/** Games against a reference, and how the judge was asked. */
export interface ReferenceGames {
  board: JudgedGames;
  protocol: string;
  pinned: boolean;
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
    const { used } = kept;
    const left = (limit: number | null, used: number) => limit && Math.max(0, limit - used);
    const budget = {
      maxTokens: left(settings.maxTokens, used.input + used.output),
      maxCost: left(settings.maxCost, costOf(used, settings.prices) ?? 0),
      prices: settings.prices,
    };
    const planned = planTexts(
      {
        questions,
        baseline: reference,
        candidate: { model: model.name, answers: await readKeptAnswers(root, key) },
        source: benchmark,
        other: 'reference',
      },
      {
        ...{ mode: settings.mode, system, verdictTokens: settings.verdictTokens, repeat: false, budget },
        ...(ready.criteria && { criteria: ready.criteria }),
      },
    );
    const { judge, outcome } = await askNamedJudge(contest, { key, planned, budget });
    if (outcome.stopped !== null) throw skippedBy(outcome.stopped, outcome);
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
    return [{ board: { ...names, category: null, games }, protocol: judge.protocol, pinned }];
  } catch (error) {
    const { reason, text } = skipOf(error, context.signal);
    if (reason !== 'interrupted') context.progress.note(`Judge: not against ${reference.model}: ${text}`);
    return [];
  }
}
