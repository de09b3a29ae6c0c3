/** Where a value comes from. `trusted` and `local` may judge; `claimed` is the change's own word. */
type Origin = 'trusted' | 'claimed' | 'local';

/** A file or folder that is read or written, and what a change can do with it. */
export interface FileTrust {
  path: string;
  origin: Origin;
  use: string;
  claim: string;
}

/** Files and folders beside those that settings and inputs name. */
export const FILE_TRUST: readonly FileTrust[] = [
  {
    path: '`.github/sos-bench.yml` of the base commit',
    origin: 'trusted',
    use: 'settings and policy',
    claim: 'nothing until it is merged',
  },
  {
    path: "`.github/sos-bench.yml` of the change's checkout",
    origin: 'claimed',
    use: 'settings that name the subject',
    claim: 'name its model; all else is shown as proposed and not used',
  },
  {
    path: '`.github/workflows/`, `.github/actions/`',
    origin: 'claimed',
    use: 'what GitHub runs for a pull request',
    claim: 'edit them, with write access: the check is then never green, and a ruleset has to guard them',
  },
  {
    path: 'the workspace (`GITHUB_WORKSPACE`)',
    origin: 'claimed',
    use: 'the model may lie there; `output` receives a copy of the record',
    claim: 'bring the model; nothing there judges, is resumed from, or is read back',
  },
  {
    path: 'an untouched checkout of the base commit in the workspace',
    origin: 'trusted',
    use: 'task definitions, plans, data that judge',
    claim: 'nothing: each file is checked by its hash against the tree of that commit',
  },
  {
    path: 'the model folder',
    origin: 'claimed',
    use: 'the subject',
    claim: 'everything that a model is; names in it that leave the folder are refused',
  },
  {
    path: 'artifacts of the run: record, plan, journal',
    origin: 'claimed',
    use: 'what one job hands to the next',
    claim: 'leave what it likes; only a digest in a workflow input makes one trusted',
  },
  {
    path: '`RUNNER_TEMP`',
    origin: 'local',
    use: 'record, journal, scratch',
    claim: 'nothing, where its code ran in no earlier step of the job',
  },
  {
    path: '`SOS_BENCH_CACHE`, `~/.cache/sos-bench`',
    origin: 'local',
    use: 'environments and data, checked by hash',
    claim: 'nothing on a machine that is thrown away after each job; see docs/permissions.md for others',
  },
  {
    path: '`answers-dir`, or `answers` in `state-dir` or in the cache',
    origin: 'local',
    use: "models' answers to a judge's questions, by the model's SHA-256, and what judges said of them",
    claim:
      'nothing, where its code did not run there as this user; else a warning of the judge appears or is missing',
  },
  {
    path: '`head-to-head.json`, `head-to-head.parquet` beside the record',
    origin: 'claimed',
    use: 'what a judge says of the answers of the change and of main',
    claim: 'make a warning appear or be missing: no verdict, check or exit code looks at it',
  },
  {
    path: 'branch `sos-bench`, `baseline-*` artifacts of main',
    origin: 'trusted',
    use: 'records, waivers, history',
    claim: 'nothing, where a ruleset guards the branch',
  },
  {
    path: 'folders and databases that `log` names',
    origin: 'local',
    use: 'where tensorboard and mlflow write; nothing that judges is read there',
    claim: 'nothing: a path in the workspace is not logged to, with a warning',
  },
  {
    path: "this action's own folder (`dist/`, `worker/`, `tasks/`)",
    origin: 'trusted',
    use: 'the program',
    claim: 'nothing: `uses:` names its commit',
  },
];
