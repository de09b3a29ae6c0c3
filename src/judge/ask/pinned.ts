/**
 * A date, a number or a revision, as names of models have them: `gpt-4.1-2025-04-14`, `claude-3-5-sonnet-20241022`, `gpt-4-0314`, `gemini-2.0-flash-001`,
 * `ORG/NAME@REVISION`. What stands behind `@` without a digit (`@main`, `@latest`) is an alias, too.
 */
const VERSION =
  /(?:^|[-_@:.])(?:20\d{2}[-_.]?\d{2}[-_.]?\d{2}|\d{4})(?=$|[-_@:.])|-00\d$|@(?=[\w.-]*\d)[\w.-]+$/;

/** Whether a judge's name says which version of it judges; behind an alias, tomorrow's may be another one. */
export function isPinned(model: string): boolean {
  return VERSION.test(model);
}
