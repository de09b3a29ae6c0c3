/** An expression of GitHub's, as a workflow has it. */
export function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** How a workflow gives an action the token of its job. */
export const TOKEN_INPUT = `github-token: ${expression('github.token')}`;
