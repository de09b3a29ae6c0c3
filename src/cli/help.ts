import type { Command, Help, HelpConfiguration, Option } from 'commander';
import { widthOf } from '../report/tables/layout.ts';

/** Wider terms stand on a line of their own, above what they mean. */
const MAX_TERM_WIDTH = 26;
const MIN_TEXT_WIDTH = 20;
const INDENT = 2;
const USUAL_WIDTH = 80;
/** As commander calls what is in no group. */
const OWN_OPTIONS = 'Options:';

/** How the help of every command is laid out: its own options first, then settings by group, and no word is cut. */
export const HELP: HelpConfiguration = {
  minWidthToWrap: MIN_TEXT_WIDTH,
  displayWidth: widthOf,
  subcommandTerm: (command) => command.name(),
  groupItems<Item extends Command | Option>(
    _unsorted: Item[],
    visible: Item[],
    getGroup: (item: Item) => string,
  ): Map<string, Item[]> {
    // What a command alone has is what it is about.
    const isOwn = (item: Item) => getGroup(item) === OWN_OPTIONS;
    const groups = new Map<string, Item[]>();
    for (const item of [...visible.filter(isOwn), ...visible.filter((one) => !isOwn(one))])
      groups.set(getGroup(item), [...(groups.get(getGroup(item)) ?? []), item]);
    return groups;
  },
  formatItem(term: string, termWidth: number, description: string, helper: Help): string {
    const indent = ' '.repeat(INDENT);
    if (description === '') return indent + term;
    const column = Math.min(termWidth, MAX_TERM_WIDTH);
    const hanging = ' '.repeat(column + 2 * INDENT);
    const width = (helper.helpWidth ?? USUAL_WIDTH) - hanging.length;
    const text = helper
      .boxWrap(description, Math.max(width, MIN_TEXT_WIDTH))
      .replaceAll('\n', `\n${hanging}`);
    const own = helper.displayWidth(term);
    return own > column
      ? `${indent}${term}\n${hanging}${text}`
      : `${indent}${term}${' '.repeat(column - own + INDENT)}${text}`;
  },
};

interface CommandHelp {
  examples: readonly string[];
  /** The page about it. */
  page: string;
}

/** Examples of every command, and where more is said. */
export const COMMAND_HELP: Readonly<Record<string, CommandHelp>> = {
  demo: { examples: ['sos-bench demo', 'sos-bench demo --output demo-output'], page: 'README.md' },
  init: {
    examples: [
      'sos-bench init',
      'sos-bench init --bot --nightly --runner self-hosted,gpu --dry-run',
      'sos-bench init --model-from hub --model ORG/NAME --gate',
    ],
    page: 'docs/getting-started.md',
  },
  list: { examples: ['sos-bench list', 'sos-bench list --json'], page: 'docs/benchmarks.md' },
  plan: {
    examples: [
      'sos-bench plan --estimate --parameters 8B --gpu h100',
      'sos-bench plan --detect 2 --output plan.json',
    ],
    page: 'docs/plans.md',
  },
  run: {
    examples: [
      'sos-bench run --model ./model --suite mini',
      'sos-bench run --model hf:ORG/NAME@REVISION --suite pr --output records/pr',
      'sos-bench run --model ./model --plan plan.json --baseline records/main',
    ],
    page: 'docs/running.md',
  },
  import: {
    examples: ['sos-bench import lm-eval-results --output records'],
    page: 'docs/import.md',
  },
  merge: {
    examples: ['sos-bench merge shard-1 shard-2 --output record'],
    page: 'docs/scaling.md',
  },
  doctor: {
    examples: ['sos-bench doctor --model ./model --suite pr', 'sos-bench doctor --repository ORG/NAME'],
    page: 'docs/doctor.md',
  },
  prefetch: {
    examples: [
      'sos-bench prefetch --model hf:ORG/NAME@REVISION --datasets-dir data',
      'sos-bench prefetch --environments harness,vllm',
    ],
    page: 'docs/doctor.md',
  },
  clean: {
    examples: ['sos-bench clean --dry-run', 'sos-bench clean --older-than 30d --max-size 20GB'],
    page: 'docs/doctor.md',
  },
  show: {
    examples: [
      'sos-bench show records/main records/pr',
      'sos-bench show records/main --format csv',
      'sos-bench show records/main --format eval-results --output ./model',
    ],
    page: 'docs/statistics.md',
  },
  compare: {
    examples: [
      'sos-bench compare --baseline records/main --candidate records/pr',
      'sos-bench compare --baseline records/main --candidate records/pr --json',
    ],
    page: 'docs/statistics.md',
  },
  flips: {
    examples: [
      'sos-bench flips --baseline records/main --candidate records/pr --lost',
      'sos-bench flips --baseline records/main --candidate records/pr --benchmark bbq',
      'sos-bench flips --baseline records/main --candidate records/pr --text data',
    ],
    page: 'docs/running.md',
  },
  report: {
    examples: [
      'sos-bench report --baseline records/main --candidate records/pr',
      'sos-bench report --baseline records/main --candidate records/pr --text data',
    ],
    page: 'docs/report.md',
  },
  gate: {
    examples: [
      'sos-bench gate --candidate records/rc --release records/v1 --main records/main',
      'sos-bench gate --candidate records/rc --release none',
    ],
    page: 'docs/action.md',
  },
  calibrate: {
    examples: ['sos-bench calibrate seed-1 seed-2 seed-3 --output spread.json'],
    page: 'docs/statistics.md',
  },
  judge: {
    examples: [
      'sos-bench judge --baseline main.jsonl --candidate pr.jsonl --dry-run \\\n      --judge-questions questions.jsonl --judge-model ./judge',
    ],
    page: 'docs/judge.md',
  },
  agree: {
    examples: ['sos-bench agree records/a records/b --with scores.csv'],
    page: 'docs/agreement.md',
  },
  history: {
    examples: [
      'sos-bench history list --store folder:/shared/sos-bench',
      'sos-bench history page --store folder:/shared/sos-bench --output site',
      'sos-bench history add RECORD --commit SHA --branch main --store folder:DIR',
      'sos-bench history baseline --base main --output baseline --store folder:DIR',
    ],
    page: 'docs/history.md',
  },
  completion: {
    examples: [
      'source <(sos-bench completion bash)',
      'sos-bench completion zsh > ~/.zfunc/_sos-bench',
      'sos-bench completion fish > ~/.config/fish/completions/sos-bench.fish',
    ],
    page: 'docs/running.md',
  },
  version: { examples: ['sos-bench version --json'], page: 'CHANGELOG.md' },
};

/** What stands below the options of a command: examples, and the page about it. */
export function describeUse(name: string): string {
  const help = COMMAND_HELP[name];
  if (help === undefined) return '';
  const { examples, page } = help;
  const title = examples.length === 1 ? 'Example:' : 'Examples:';
  return `\n${title}\n${examples.map((line) => `  ${line}`).join('\n')}\n\nMore: ${page}, in the repository of this program.`;
}

export const EXIT_CODES = '\nExit codes: 0 done and passed, 1 done and the policy failed, 2 not done.';
