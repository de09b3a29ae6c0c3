/** Largest comment, in bytes: GitHub refuses more than 65,536 characters. */
export const COMMENT_BUDGET = 60_000;
