#!/usr/bin/env node
// FORCE_COLOR has the first word. Node warns of what stands beside it as soon as it loads `node:util`: before that, it goes.
if (process.env.FORCE_COLOR !== undefined) {
  delete process.env.NO_COLOR;
  delete process.env.NODE_DISABLE_COLORS;
}
const { startCli } = await import('./start.ts');
process.exitCode = await startCli();
