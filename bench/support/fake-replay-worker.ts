/**
 * A worker that is a fake: it speaks the real protocol and answers at once, as if every answer were on record.
 * `SIZES` in its environment says how many documents each task has: {task: count}; `ROOM`, how large a batch fits; `BUDGET`, the
 * tokens that it says a batch may hold; `ENGINE`, the way it says it reads requests where nobody tells it which.
 */
import { createInterface } from 'node:readline';
import type { WorkerRequest } from '../../src/harness/lm-eval/messages.ts';

const sizes = JSON.parse(process.env.SIZES ?? '{}') as Record<string, number>;
const room = Number(process.env.ROOM ?? Number.POSITIVE_INFINITY);
const budget = Number(process.env.BUDGET ?? 0);
const offsets = new Map<string, number>();
let offset = 0;
for (const [task, count] of Object.entries(sizes)) {
  offsets.set(task, offset);
  offset += count;
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = answerTo(JSON.parse(line) as WorkerRequest);
  if (answer === null) break;
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function answerTo(request: WorkerRequest): object | null {
  switch (request.type) {
    case 'prepare':
      return { type: 'prepared', protocol: 1, versions: { lm_eval: 'replay' } };
    case 'describe':
      return describe(request.spec.task);
    case 'open':
      return {
        type: 'hello',
        versions: { lm_eval: 'replay' },
        device: { type: 'cpu', name: 'replay', count: 1, memory: null, threads: 1 },
        dtype: 'float32',
        quantisation: null,
        parameters: null,
        maxLength: null,
        chatTemplateApplied: false,
        chatTemplateSha256: null,
        tokenizerSha256: null,
        ...(process.env.ENGINE && engineOf(request.engine ?? process.env.ENGINE)),
        ...(budget > 0 && request.batchSize === 'tokens' && { batchTokens: budget }),
      };
    case 'evaluate': {
      const { task } = request.spec;
      if (Number(request.batchTokens ?? request.batchSize) > room)
        return { type: 'error', kind: 'oom', message: 'out of memory', chunk: request.chunk };
      const items = request.items.map((docId) => item(task, docId, request.metric));
      return { type: 'result', chunk: request.chunk, seconds: 0.1, items };
    }
    default:
      return null;
  }
}

function engineOf(engine: string): object {
  return { engine, engineReason: engine === 'shared' ? null : 'its cache cannot branch' };
}

function describe(task: string): object {
  const documents = Array.from({ length: sizes[task] ?? 0 }, (_, docId) => docId);
  return {
    type: 'described',
    task,
    version: '1',
    outputType: 'multiple_choice',
    numFewshot: 0,
    generation: null,
    dropped: {},
    exampleLength: 0,
    items: {
      docHashes: documents.map((docId) => hash(task, docId)),
      clusters: documents.map((docId) => hash(task, docId - (docId % 2))),
      lengths: documents.map((docId) => 200 + (docId % 300)),
      readings: documents.map(() => 4),
    },
  };
}

function item(task: string, docId: number, metric: string): object {
  const right = docId % 3 !== 0;
  const list = { passed: right ? 2 : 1, total: 2 };
  return {
    docId,
    docHash: hash(task, docId),
    promptHash: hash(task, docId + 7),
    scores:
      metric === 'ifeval'
        ? {
            prompt_level_strict_acc: right ? 1 : 0,
            prompt_level_loose_acc: right ? 1 : 0,
            inst_level_strict_acc: list,
            inst_level_loose_acc: list,
          }
        : {
            acc: right ? 1 : 0,
            acc_norm: right ? 1 : 0,
            exact_match: right ? 1 : 0,
            livebench: right ? 1 : 0,
          },
    target: '0',
    tokens: 431,
    prediction: right ? '0' : '1',
    margin: (right ? 1 : -1) * (0.1 + (docId % 97) / 31),
  };
}

/** 16 hex digits that look like a hash: no two documents share them. */
function hash(task: string, docId: number): string {
  const number = BigInt((offsets.get(task) ?? 0) + docId + 1);
  return ((number * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn).toString(16).padStart(16, '0');
}
