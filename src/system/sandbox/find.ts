import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { type Environment, workerEnvironment } from '../process/child-environment.ts';
import { startChild } from '../process/start-child.ts';
import { isRoot } from './command-line.ts';
import { pythonFolders } from './mounts.ts';
import { runInSandbox } from './run.ts';
import type { Sandbox, SandboxKind } from './sandbox.ts';

const FactsSchema = z.object({ prefix: z.string(), basePrefix: z.string(), executable: z.string() });
const FACTS =
  'import json, os, sys; print(json.dumps({"prefix": sys.prefix, "basePrefix": sys.base_prefix, ' +
  '"executable": os.path.realpath(sys.executable)}))';
const MB = 2 ** 20;
const PROBE_LIMITS = {
  wallMs: 30_000,
  silenceMs: 30_000,
  cpuSeconds: 20,
  addressSpace: 2048 * MB,
  memory: 512 * MB,
  processes: 32,
  fileSize: MB,
  scratchSize: 16 * MB,
};

/**
 * The best sandbox that works here, tried by running a program in it: bubblewrap, else namespaces, else `none` with the
 * reasons.
 *
 * @param python the Python that will run inside.
 * @param kinds which to try; both where left out.
 * @throws SosBenchError `python-missing` where `python` does not run.
 */
export async function findSandbox(
  python: string,
  environment: Environment,
  kinds: readonly Exclude<SandboxKind, 'none'>[] = ['bubblewrap', 'namespaces'],
): Promise<Sandbox> {
  const known = workerEnvironment(environment);
  const facts = await startChild(
    python,
    ['-I', '-c', FACTS],
    { environment: known },
    {
      reject: false,
      timeout: 30_000,
    },
  );
  if (facts.exitCode !== 0) {
    throw new SosBenchError('python-missing', `'${python}' is not a Python that runs`, {
      hint: 'delete its folder; the next run builds it again',
    });
  }
  const folders = pythonFolders(FactsSchema.parse(JSON.parse(facts.stdout)));
  const common = { python, pythonFolders: folders, environment };
  const reasons: string[] = [];
  for (const kind of kinds) {
    // Not everything that root may do elsewhere it may do in a container.
    for (const asNobody of isRoot() ? [true, false] : [false]) {
      const found = await probe({ ...common, kind, detail: kind, asNobody, lacks: [] });
      if ('lacks' in found) return { ...common, kind, detail: kind, asNobody, lacks: found.lacks };
      const reason = `${kind}: ${found.failure}`;
      if (!reasons.includes(reason)) reasons.push(reason);
    }
  }
  return { ...common, kind: 'none', detail: reasons.join('; '), asNobody: false, lacks: [] };
}

/** Counts the files of the kernel that it could write to. */
const PROBE = `
import os
found = 0
for name in ("sys", "irq", "bus", "fs"):
    for folder, _, files in os.walk("/proc/" + name):
        for file in files:
            try:
                os.close(os.open(os.path.join(folder, file), os.O_WRONLY | os.O_NONBLOCK))
                found += 1
            except OSError:
                pass
open("writable", "w").write(str(found) + "\\n")
`;

/** What the sandbox lacks where a program runs in it and finds itself alone; else what went wrong. */
async function probe(sandbox: Sandbox): Promise<{ lacks: string[] } | { failure: string }> {
  const input = await mkdtemp(join(tmpdir(), 'sos-bench-probe-'));
  try {
    const result = await runInSandbox(sandbox, {
      input,
      command: [sandbox.python, '-I', '-c', PROBE],
      readOnly: [],
      hidden: [],
      environment: {},
      watch: ['writable'],
      limits: PROBE_LIMITS,
      scratchParent: input,
    });
    const writable = result.files?.get('writable')?.trim();
    if (result.exitCode === 0 && writable === '0') return { lacks: result.lacks };
    if (result.exitCode === 0 && writable !== undefined)
      return { failure: `${plural(Number(writable), 'file')} of the kernel can be written to in it` };
    const last = result.printed.trim().split('\n').at(-1) ?? '';
    return { failure: /ENOENT/.test(result.printed) ? 'not installed' : last || 'it does not run' };
  } finally {
    await rm(input, { recursive: true, force: true });
  }
}
