import type { SandboxUse } from './schema.ts';

/** Each sandbox that was used once, in order of first use. */
export function uniqueSandboxes(used: readonly SandboxUse[]): SandboxUse[] {
  return [...new Map(used.map((use) => [`${use.kind} ${use.allowUnsafeCode}`, use])).values()];
}
