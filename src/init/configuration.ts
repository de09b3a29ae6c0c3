import { SETTINGS, type Setting, type SettingKey } from '../settings/table.ts';
import type { Choices } from './choices.ts';
import { lines } from './pull-request.ts';
import { comment, scalar } from './yaml-text.ts';

/** What teams set first, with a value that shows the form; each is left to its default until it is uncommented. */
const OFFERED: readonly [SettingKey, string][] = [
  ['benchmarks', '[wk, if, safety]'],
  ['backend', 'vllm'],
  ['model-args', '{ dtype: bfloat16 }'],
  ['apply-chat-template', 'auto'],
  ['detect', '1.5'],
  ['fail-on', '[regressed, incomplete, inconclusive]'],
  ['margin', '{ wk: 1, if: 4, safety: 1 }'],
  ['minimum-effect', '0.5'],
  ['thresholds', '{ wk: error, if: warn, safety: error }'],
  ['state-dir', '/shared/sos-bench/state'],
];

const WIDTH = 110;

/** `.github/sos-bench.yml`: the suite, and what else there is to set, commented out. */
export function configurationFile({ suite, action }: Choices): string {
  return lines([
    ...comment(
      `Settings of SOS-Bench. A pull request is judged by this file as it stands on the branch that it goes into: a change of it counts once it is merged. All keys: docs/settings.md of ${action.repository}.`,
      WIDTH,
    ),
    '',
    ...comment(SETTINGS.suite.description, WIDTH),
    `suite: ${scalar(suite)}`,
    ...OFFERED.flatMap(([key, value]) => [
      '',
      ...comment(describe(SETTINGS[key]), WIDTH),
      `# ${key}: ${value}`,
    ]),
  ]);
}

function describe({ description, default: fallback }: Setting): string {
  const shown = Array.isArray(fallback) ? fallback.join() : fallback;
  return shown === undefined || shown === '' || typeof shown === 'object'
    ? description
    : `${description} Default: ${shown}.`;
}
