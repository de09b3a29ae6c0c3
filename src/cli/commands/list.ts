import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { renderCatalogue } from '../../report/tables/catalogue.ts';
import { CATALOGUE } from '../../suite/catalogue.ts';
import { JUDGE_BENCHMARKS } from '../../suite/judge-benchmarks.ts';
import type { Runtime } from '../runtime.ts';
import { tableOptions } from '../terminal.ts';

export function registerList(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  program
    .command('list')
    .description('Show the 24 benchmarks of SOS-Bench, and those that a model judges.')
    .option('--json', 'Print one JSON document.')
    .action((options: { json?: boolean }) => {
      runtime.stdout.write(
        options.json
          ? `${JSON.stringify(catalogueDocument(), null, 2)}\n`
          : renderCatalogue(CATALOGUE, JUDGE_BENCHMARKS, tableOptions(runtime.stdout, runtime.environment)),
      );
      finish(EXIT.passed);
    });
}

function catalogueDocument() {
  return {
    benchmarks: CATALOGUE.map((benchmark) => ({
      id: benchmark.id,
      name: benchmark.name,
      factor: benchmark.factor,
      harness: benchmark.harness,
      tasks: benchmark.tasks.map((task) => task.name),
      size: benchmark.size,
      items: benchmark.items,
      metric: benchmark.metric,
      direction: benchmark.direction,
      chance: benchmark.chance,
      constantScore: benchmark.constantScore,
      dataset: benchmark.dataset,
    })),
    judge: JUDGE_BENCHMARKS.map(({ id, name, questions, references }) => ({
      id,
      name,
      questions,
      references,
    })),
  };
}
