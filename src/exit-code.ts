/** How both entry points end: done and passed, done and failed the policy, could not be done. */
export const EXIT = { passed: 0, failedPolicy: 1, notDone: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
