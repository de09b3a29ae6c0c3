import { join, resolve } from 'node:path';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { readRecord } from '../../record/read.ts';
import { taskScores } from '../../record/results/task-scores.ts';
import { EVAL_RESULTS_MARK, type HubFile, renderEvalResults } from '../../report/hub/eval-results.ts';
import { MODEL_INDEX_MARK, renderModelIndex } from '../../report/hub/model-index.ts';
import { checkAddress } from '../../report/links.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { requireOwnFile } from '../../system/files/own-file.ts';
import { redactSecrets } from '../../system/secrets.ts';
import type { Runtime } from '../runtime.ts';

/** Formats of `show` that are files for the Hub. */
export const HUB_FORMATS = ['eval-results', 'model-index'] as const;
type HubFormat = (typeof HUB_FORMATS)[number];

/** Where each is in the folder of a model. */
const FILES: Record<HubFormat, { path: string; mark: string }> = {
  'eval-results': { path: join('.eval_results', 'sos-bench.yaml'), mark: EVAL_RESULTS_MARK },
  'model-index': { path: 'model-index.yaml', mark: MODEL_INDEX_MARK },
};

interface HubFlags {
  format: HubFormat;
  output?: string;
  source?: string;
  samples?: boolean;
}

export function isHubFormat(format: unknown): format is HubFormat {
  return HUB_FORMATS.some((one) => one === format);
}

/** @throws SosBenchError `usage` for a flag of these formats where another one is printed, and it would do nothing. */
export function refuseHubFlags(flags: Record<string, unknown>): void {
  const given = ['output', 'source', 'samples'].find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new SosBenchError('usage', `--${given} is for --format ${HUB_FORMATS.join(' or ')}`, {
    hint: 'give one of these formats, without --json, or leave it out',
  });
}

/** @throws SosBenchError `usage` for a flag of the other formats, which would do nothing: a file for the Hub has the harness's own scores. */
export function refuseScoreFlags(format: HubFormat, flags: Record<string, unknown>): void {
  const given = Object.entries({
    preset: 'preset',
    judgeWeights: 'judge-weights',
    upstreamInterval: 'upstream-interval',
  }).find(([name]) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new SosBenchError('usage', `--${given[1]} has no say in --format ${format}`, {
    hint: 'these files have scores as the harness measures them: leave it out, or take another format',
  });
}

/**
 * Prints a record's scores as a file for the Hub, or writes it into a model's folder; says what is not in it.
 *
 * @throws SosBenchError `usage` for more than one record, an address that is none, or a file that is not ours; `record-invalid` where no
 *   score can be in it.
 */
export async function exportForHub(
  folders: readonly string[],
  flags: HubFlags,
  { cwd, stdout, stderr }: Runtime,
): Promise<void> {
  const { format, output, source = null, samples = false } = flags;
  const [folder, another] = folders;
  if (folder === undefined || another !== undefined) {
    throw new SosBenchError('usage', `--format ${format} is of one model`, { hint: 'name one record' });
  }
  if (source !== null && checkAddress(source) === null) {
    throw new SosBenchError('usage', `--source ${redactSecrets(source)} is no address of the web`, {
      hint: 'give one that begins with https://',
    });
  }
  const { path, mark } = FILES[format];
  const named = output === undefined ? null : join(output, path);
  const target = named && resolve(cwd, named);
  if (target !== null && named !== null) {
    const isOwn = (head: string) => head.startsWith(mark);
    await requireOwnFile(target, { named, isOwn, what: 'file of sos-bench' });
  }
  const loaded = await readRecord(resolve(cwd, folder));
  const options = { source, samples };
  const file: HubFile =
    format === 'eval-results'
      ? renderEvalResults({ record: loaded.record, tasks: taskScores(loaded) }, options)
      : renderModelIndex(loaded.record, options);
  for (const line of file.leftOut) stderr.write(`left out: ${escapeTerminal(line, 600)}\n`);
  if (file.entries === 0) {
    throw new SosBenchError('record-invalid', `no score of ${folder} can stand in ${format}`, {
      hint:
        format === 'eval-results'
          ? 'the Hub has MMLU-Pro and GPQA of these benchmarks: evaluate them with suite full, or give --samples; the others go into --format model-index'
          : 'evaluate with suite full, or give --samples for scores of a part of the questions',
    });
  }
  if (target === null) {
    stdout.write(file.text);
    return;
  }
  await makeFolder(resolve(target, '..'));
  await writeFileAtomic(target, file.text, 0o666);
  stderr.write(`${plural(file.entries, 'result')} in ${escapeTerminal(named ?? '', 1000)}\n`);
}
