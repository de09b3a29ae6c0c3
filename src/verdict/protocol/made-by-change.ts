import type { Difference } from '../schema.ts';

/**
 * Fields that only the model of a change can have made different, where both sides were evaluated as the base asks: whether its chat
 * template is there (`apply-chat-template: auto`), and what its tokenizer and template write where task, data and template are the same.
 */
const MADE_BY_MODEL = /^(chatTemplateApplied|tasks\..+\.prompts)$/;
/** Where nobody named one, the model's architecture, its arguments and the devices it asks for choose it. */
const BACKEND = 'backend';

/**
 * What a change made incomparable, of the fields that forbid a comparison. What else differs is the base's, an upgrade's or the machine's. A
 * task that differs in more than its prompts has other prompts for that reason.
 *
 * @param isBackendOpen whether a change is to be evaluated with backend `auto`.
 */
export function findMadeByChange(
  differences: readonly Difference[],
  { isBackendOpen }: { isBackendOpen: boolean },
): string[] {
  const taskOf = (path: string) => /^(tasks\..+)\.[^.]+$/.exec(path)?.[1] ?? null;
  const isAlone = ({ path }: Difference) =>
    taskOf(path) === null ||
    differences.every((other) => other.path === path || taskOf(other.path) !== taskOf(path));
  const isMade = (path: string) => MADE_BY_MODEL.test(path) || (isBackendOpen && path === BACKEND);
  return differences.filter((one) => isMade(one.path) && isAlone(one)).map(({ path }) => path);
}
