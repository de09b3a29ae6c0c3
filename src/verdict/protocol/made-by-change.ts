import type { Difference } from '../schema.ts';

/**
 * Fields that only the model of a change can have made different, where both sides were evaluated as the base asks: whether its chat
 * template is there (`apply-chat-template: auto`), and what its tokenizer and template write where task, data and template are the same.
 */
const MADE_BY_MODEL = /^(chatTemplateApplied|tasks\..+\.prompts)$/;

/**
 * What a change made incomparable, of the fields that forbid a comparison. What else differs is the base's, an upgrade's or the machine's. A
 * task that differs in more than its prompts has other prompts for that reason.
 */
export function findMadeByChange(differences: readonly Difference[]): string[] {
  const taskOf = (path: string) => /^(tasks\..+)\.[^.]+$/.exec(path)?.[1] ?? null;
  const isAlone = ({ path }: Difference) =>
    taskOf(path) === null ||
    differences.every((other) => other.path === path || taskOf(other.path) !== taskOf(path));
  return differences.filter((one) => MADE_BY_MODEL.test(one.path) && isAlone(one)).map(({ path }) => path);
}
