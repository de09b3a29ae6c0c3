import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderGate } from '../../report/gate.ts';
import { inputDefault } from '../../settings/action-inputs.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { policyOf } from '../../settings/policy.ts';
import { settingsOf } from '../../settings/table.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { GATE_RULES, type GateRule } from '../../verdict/release/gate.ts';
import { foundRecords, gateRelease, type Reference } from '../../verdict/release/gate-release.ts';
import { addSettings, inputFlag, readLocatedSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';

interface GateFlags extends Record<string, unknown> {
  candidate: string;
  release: string;
  main?: string;
  anchor?: string;
  rule: GateRule;
  output?: string;
  json?: boolean;
}

export function registerGate(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('compare');
  const command = program
    .command('gate')
    .description('Say whether a model may be released: compared with the last release, and with main.');
  addSettings(command, keys)
    .requiredOption(...inputFlag('candidate'))
    .requiredOption(...inputFlag('release'))
    .option(...inputFlag('main'))
    .option(...inputFlag('anchor'))
    .addOption(new Option(...inputFlag('rule')).choices(GATE_RULES).default(inputDefault('rule')))
    .option('--output <DIR>', 'Write gate.md (for release notes) and gate.json there.')
    .option('--json', 'Print gate.json.')
    .action(async (flags: GateFlags) => {
      const { settings, locationOf, includePaths } = await readLocatedSettings(keys, flags, runtime.cwd);
      const read = (folder: string) => readRecord(resolve(runtime.cwd, folder));
      const refer = async (folder = 'none') => (folder === 'none' ? null : await read(folder));
      const references: Reference[] = [
        { against: 'release', found: await refer(flags.release) },
        { against: 'main', found: await refer(flags.main) },
      ];
      const candidate = await read(flags.candidate);
      const anchor = await refer(flags.anchor);
      const records = [candidate, ...foundRecords([anchor, ...references.map(({ found }) => found)])];
      await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records, locationOf });
      const gate = gateRelease(candidate, references, {
        policy: policyOf(settings),
        rule: flags.rule,
        anchor,
      });
      const json = `${JSON.stringify(gate, null, 2)}\n`;
      const markdown = renderGate(gate);
      if (flags.output !== undefined) {
        const folder = resolve(runtime.cwd, flags.output);
        await makeFolder(folder);
        await writeFileAtomic(join(folder, 'gate.md'), markdown);
        await writeFileAtomic(join(folder, 'gate.json'), json);
      }
      runtime.stdout.write(flags.json ? json : markdown);
      finish(gate.passed ? EXIT.passed : EXIT.failedPolicy);
    });
}
