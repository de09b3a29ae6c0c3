/** From one try to the next answers are cut to so much of their length: both orders of a question come to the same. */
const STEP = 0.9;
/** What is shorter says nothing. */
const MIN_CHARACTERS = 40;

type Answers = readonly [a: string, b: string];

/**
 * Both answers, neither with more than so many characters. What is left out is said in its place: a judge should not take it for an
 * answer that breaks off.
 */
export function cutAnswers(answers: Answers, most: number): Answers {
  const cut = (answer: string) => {
    if (answer.length <= most) return answer;
    // Not between the halves of a character.
    const end = /[\uD800-\uDBFF]/.test(answer[most - 1]!) ? most - 1 : most;
    return `${answer.slice(0, end)}\n[cut here for want of room; characters that are not shown: ${answer.length - end}]`;
  };
  return [cut(answers[0]), cut(answers[1])];
}

/**
 * How many characters of an answer may be shown at most, where a prompt came out too long. From the longer answer's length it goes down in
 * fixed steps, so that it does not depend on which answer stands first.
 *
 * @param most what they were cut to; `Infinity` for whole ones.
 * @param excess characters that have to go, as reckoned; less than 1 for one step.
 * @returns null where there is nothing left to cut.
 */
export function nextCut(answers: Answers, most: number, excess: number): number | null {
  const longest = Math.max(answers[0].length, answers[1].length);
  const shown = (limit: number) => answers.reduce((sum, { length }) => sum + Math.min(length, limit), 0);
  const wanted = shown(most) - Math.max(1, excess);
  for (let limit = longest * STEP; limit >= MIN_CHARACTERS; limit *= STEP) {
    const whole = Math.floor(limit);
    if (whole < most && shown(whole) <= wanted) return whole;
  }
  return null;
}
