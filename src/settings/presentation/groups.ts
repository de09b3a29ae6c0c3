import type { SettingKey } from '../table.ts';

/** What people think a setting is about, in the order of `--help` and of docs/settings.md. */
export const SETTING_GROUPS = [
  'Model',
  'Questions',
  'Devices',
  'LiveBench',
  'Judge',
  'Verdict',
  'Record',
] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

const MEMBERS: Record<Exclude<SettingGroup, 'LiveBench' | 'Judge'>, readonly SettingKey[]> = {
  Model: [
    'model',
    'model-name',
    'model-args',
    'backend',
    'trust-remote-code',
    'allow-pickle',
    'apply-chat-template',
    'system-instruction',
    'enable-thinking',
    'think-end-token',
    'max-gen-toks',
  ],
  Questions: [
    'suite',
    'benchmarks',
    'stages',
    'plan',
    'detect',
    'items',
    'budget',
    'looks',
    'collapse',
    'stop-on',
    'datasets-dir',
    'include-path',
    'seed',
    'shard',
  ],
  Devices: ['python', 'device', 'devices', 'tensor-parallel', 'batch-size', 'launcher', 'stall-timeout'],
  Verdict: [
    'preset',
    'fail-on',
    'thresholds',
    'minimum-effect',
    'margin',
    'alpha',
    'drift-alpha',
    'author-may-accept',
  ],
  Record: ['output', 'fresh', 'state-dir', 'log', 'log-python'],
};

/** Those of LiveBench and of the judge say so in their names, but for these. */
const LIVEBENCH: readonly SettingKey[] = ['server', 'server-model', 'server-parallel', 'allow-unsafe-code'];
const JUDGE: readonly SettingKey[] = ['answers-dir', 'alarm-looks', 'rewriter-server', 'rewriter-model'];

/** The group of a setting; null for one that was forgotten, which a test finds. */
export function groupOf(key: SettingKey): SettingGroup | null {
  if (key.startsWith('livebench-') || LIVEBENCH.includes(key)) return 'LiveBench';
  if (key.startsWith('judge-') || JUDGE.includes(key)) return 'Judge';
  const found = Object.entries(MEMBERS).find(([, members]) => members.includes(key));
  return (found?.[0] as SettingGroup | undefined) ?? null;
}

/** Settings by group, as people look for them; groups without one are left out. */
export function inGroups<Key extends SettingKey>(keys: readonly Key[]): [SettingGroup, Key[]][] {
  const order = Object.values(MEMBERS).flat() as readonly SettingKey[];
  return SETTING_GROUPS.flatMap((group) => {
    const members = keys.filter((key) => groupOf(key) === group);
    const rank = (key: SettingKey) => (order.includes(key) ? order.indexOf(key) : order.length);
    return members.length === 0 ? [] : [[group, members.toSorted((a, b) => rank(a) - rank(b))]];
  });
}
