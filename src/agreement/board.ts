import type { AgreementBoard } from './schema.ts';

/** A score of one model, in the board's own unit. */
export interface BoardScore {
  score: number;
  /** Standard error; null where it is not known. */
  se: number | null;
}

/** What one judge, factor, benchmark or published board says of several models. */
export interface Board extends Pick<AgreementBoard, 'id' | 'kind' | 'file'> {
  scores: Map<string, BoardScore>;
}

/** Names in the order of the first board, with the scores of both; models that one of the two lacks are left out. */
export interface CommonScores {
  models: string[];
  tested: BoardScore[];
  reference: BoardScore[];
}

export function commonScores(tested: Board, reference: Board): CommonScores {
  const models = [...tested.scores.keys()].filter((model) => reference.scores.has(model));
  return {
    models,
    tested: models.map((model) => tested.scores.get(model)!),
    reference: models.map((model) => reference.scores.get(model)!),
  };
}

/** Members of each family, as indices; a model without one stands alone. */
export function groupFamilies(models: readonly string[], families: ReadonlyMap<string, string>): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, model] of models.entries()) {
    const family = families.get(model);
    const key = family === undefined ? `model ${model}` : `family ${family}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()];
}
