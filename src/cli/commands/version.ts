import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { LIVEBENCH_RELEASE } from '../../suite/livebench.ts';
import { HARNESS_VERSION } from '../../system/python/external.ts';
import { VERSION } from '../../version.ts';
import type { Runtime } from '../runtime.ts';

export function registerVersion(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  program
    .command('version')
    .description('Say which version this is, of what it uses, too.')
    .option('--json', 'Print one JSON document.')
    .action((options: { json?: boolean }) => {
      const document = {
        version: VERSION,
        node: process.versions.node,
        lmEval: HARNESS_VERSION,
        livebench: LIVEBENCH_RELEASE,
      };
      runtime.stdout.write(
        options.json
          ? `${JSON.stringify(document, null, 2)}\n`
          : `sos-bench ${document.version} (lm-evaluation-harness ${document.lmEval}, LiveBench ${document.livebench}, Node.js ${document.node})\n`,
      );
      finish(EXIT.passed);
    });
}
