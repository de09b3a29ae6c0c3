/**
 * Import of a large sample log: throughput and peak memory, beside Python's `json` reading the same log line by line.
 * To be >= 2x as fast, in < 300 MB.
 *
 *   node bench/import.ts [--mb 256 | --gb 4] [--python python3]
 */
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '256' },
    gb: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    runs: { type: 'string', default: '3' },
  },
});
const bytes = values.gb === undefined ? Number(values.mb) * 2 ** 20 : Number(values.gb) * 2 ** 30;
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-import-'));
try {
  const log = join(folder, 'samples_leaderboard_mmlu_pro_2026-01-01T00-00-00.jsonl');
  const records = writeLog(log, bytes);
  const size = statSync(log).size / 1e6;
  say(`${size.toFixed(0)} MB, ${records} records of ${((size * 1e3) / records).toFixed(1)} kB`);
  const one = join(folder, 'samples_one_2026-01-01T00-00-00.jsonl');
  writeLog(one, 1);
  const startUp = (await timeImport(one, join(folder, 'out-one'))).seconds;
  say(`start-up ${startUp.toFixed(2)} s (import of one record)`);
  const ratios: number[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const ours = await timeImport(log, join(folder, `out-${run}`));
    const theirs = await timePython(log);
    ratios.push(theirs / ours.seconds);
    say(
      `import ${ours.seconds.toFixed(2)} s (${(size / ours.seconds).toFixed(0)} MB/s), peak ${ours.peak.toFixed(0)} MB; ` +
        `Python ${theirs.toFixed(2)} s (${(size / theirs).toFixed(0)} MB/s); ${(theirs / ours.seconds).toFixed(2)}x as fast, ` +
        `${(theirs / (ours.seconds - startUp)).toFixed(2)}x without start-up`,
    );
  }
  ratios.sort((a, b) => a - b);
  say(`median ${ratios[Math.floor(ratios.length / 2)]?.toFixed(2)}x (to be >= 2), peak to be < 300 MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A log as MMLU-Pro leaves it: ten options, the prompt with its worked examples repeated for each. */
function writeLog(path: string, wanted: number): number {
  const file = openSync(path, 'w');
  const letters = [...'ABCDEFGHIJ'];
  let written = 0;
  let records = 0;
  let batch = '';
  while (written < wanted) {
    const options = letters
      .map((letter, i) => `${letter}. the answer that item ${records * 7 + i} gives`)
      .join('\n');
    const question = `A party's agent said that item ${records % 97} was "sold as seen", and the buyer, who had not read the notice on the wall, paid half of the price at once. Which of these rules decides who bears the loss?`;
    const example = `Question: ${question}\nOptions:\n${options}\n`;
    const context = `The following are multiple choice questions (with answers) about law.\n\n${`${example}Answer: C\n\n`.repeat(5)}${example}Answer:`;
    const answers = letters.map((_, i) => [String(-1 - ((records * 31 + i * 17) % 100) / 16), 'False']);
    const right = (records * 7) % 10;
    const best = answers.findIndex(
      ([value]) => Number(value) === Math.max(...answers.map(([other]) => Number(other))),
    );
    const hex = (salt: number) =>
      (BigInt(records + 1) * 0x9e3779b97f4a7c15n * BigInt(salt)).toString(16).padStart(64, '0').slice(-64);
    batch += `${JSON.stringify({
      doc_id: records,
      doc: { question_id: records, question, options: letters, answer: letters[right] },
      target: letters[right],
      arguments: Object.fromEntries(
        letters.map((letter, i) => [`gen_args_${i}`, { arg_0: context, arg_1: ` ${letter}` }]),
      ),
      resps: answers.map((answer) => [answer]),
      filtered_resps: answers,
      filter: 'none',
      metrics: ['acc'],
      doc_hash: hex(1),
      prompt_hash: hex(3),
      target_hash: hex(5),
      acc: best === right ? 1 : 0,
    })}\n`;
    records++;
    if (batch.length > 2 ** 24 || written + batch.length >= wanted) {
      written += writeSync(file, batch);
      batch = '';
    }
  }
  closeSync(file);
  return records;
}

async function timeImport(log: string, output: string): Promise<{ seconds: number; peak: number }> {
  const peakFile = join(folder, 'peak');
  const watch = join(folder, 'watch.mjs');
  writeFileSync(
    watch,
    `import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  const started = performance.now();
  await execa(process.execPath, ['--import', watch, 'src/cli/bin.ts', 'import', log, '--output', output]);
  return {
    seconds: (performance.now() - started) / 1000,
    peak: Number(readFileSync(peakFile, 'utf8')) / 1024,
  };
}

async function timePython(log: string): Promise<number> {
  const script =
    'import json, sys\nn = 0\nfor line in open(sys.argv[1], encoding="utf-8"):\n    n += json.loads(line)["acc"]\n';
  const started = performance.now();
  await execa(values.python, ['-c', script, log]);
  return (performance.now() - started) / 1000;
}
