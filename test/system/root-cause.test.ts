import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCause } from '../../src/system/process/root-cause.ts';

/** As vLLM 0.32 prints them: each line of a traceback has the prefix of the process and of the log. */
function traceback(who: string, ...lines: string[]): string {
  return lines.map((line) => `(${who} pid=7) ERROR 11-29 20:51:48 [core.py:1138] ${line}`).join('\n');
}
const WORKER = traceback(
  'Worker',
  'WorkerProc failed to start.',
  'Traceback (most recent call last):',
  '  File "/x/cpu_worker.py", line 62, in __init__',
  '    raise ValueError(',
  'ValueError: Available memory on node 0 (2.0/23.5 GiB) on startup is less than desired.',
);
const CORE = traceback(
  'EngineCore',
  'EngineCore failed to start.',
  'Traceback (most recent call last):',
  '    raise e from None',
  'Exception: WorkerProc initialization failed due to an exception in a background process. See stack trace for root cause.',
);
const LAST = [
  'Traceback (most recent call last):',
  '  File "<frozen runpy>", line 198, in _run_module_as_main',
  'RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}',
].join('\n');
const CAUSE = 'ValueError: Available memory on node 0 (2.0/23.5 GiB) on startup is less than desired.';

/** What is left where a worker was killed. */
const KILLED = [
  '(EngineCore pid=7) ERROR 11-30 09:38:09 [multiproc_executor.py:315] Worker proc VllmWorker-0 died unexpectedly (exit code: None), shutting down executor.',
  traceback(
    'EngineCore',
    'EngineCore encountered a fatal error.',
    'Traceback (most recent call last):',
    '    raise RuntimeError("cancelled")',
    'RuntimeError: cancelled',
  ),
  'Traceback (most recent call last):',
  'vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause.',
].join('\n');

const cases: [title: string, log: string, cause: string | null][] = [
  ['a worker that was killed: that the core gave up is no cause', KILLED, null],
  ['a worker that failed, and the core gave up', [WORKER, KILLED].join('\n'), CAUSE],
  ['of a worker, told by the core, told by the server', [WORKER, CORE, LAST].join('\n'), CAUSE],
  [
    'of a worker that has not given itself its name yet',
    [WORKER.replaceAll('(Worker ', '(VllmWorker-0 '), CORE, LAST].join('\n'),
    CAUSE,
  ],
  [
    'a hundred lines of other processes between',
    [WORKER, ...Array.from({ length: 100 }, (_, n) => `(APIServer pid=1) INFO line ${n}`), CORE, LAST].join(
      '\n',
    ),
    CAUSE,
  ],
  [
    'of a worker, repeated by the core and the program in words of their own',
    [
      WORKER,
      traceback(
        'EngineCore',
        'EngineCore failed to start.',
        'Traceback (most recent call last):',
        "RuntimeError: Worker failed with error 'Available memory on node 0', please check the stack trace above for the root cause",
      ),
      'Traceback (most recent call last):\n    raise RuntimeError(',
      "RuntimeError: Worker failed with error 'Available memory on node 0', please check the stack trace above for the root cause",
    ].join('\n'),
    CAUSE,
  ],
  [
    'an exception of the program itself that was caught before',
    [
      'Traceback (most recent call last):\n  File "/x.py", line 1\nImportError: no module that is optional',
      WORKER,
      LAST,
    ].join('\n'),
    CAUSE,
  ],
  [
    'an error that was raised while another was handled: the first',
    [
      traceback(
        'EngineCore',
        'Traceback (most recent call last):',
        'KeyError: 7',
        '',
        'During handling of the above exception, another exception occurred:',
        'Traceback (most recent call last):',
        'RuntimeError: it failed',
      ),
      LAST,
    ].join('\n'),
    'KeyError: 7',
  ],
  [
    'a validator, which says what was wrong in its next line',
    [
      traceback(
        'EngineCore',
        'Traceback (most recent call last):',
        'pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig',
        "  Value error, Model architectures ['X'] are not supported for now.",
      ),
      LAST,
    ].join('\n'),
    "ValidationError: 1 validation error for ModelConfig Value error, Model architectures ['X'] are not supported for now.",
  ],
  [
    'of an engine that died later',
    [WORKER, 'vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.'].join('\n'),
    CAUSE,
  ],
  [
    'a line that names an exception and is in no traceback',
    ['(EngineCore pid=7) ValueError: no', LAST].join('\n'),
    null,
  ],
  ['no failure of an engine', WORKER, null],
  ['a failure alone', LAST, null],
  ['an empty log', '', null],
];
for (const [title, log, cause] of cases)
  test(`the cause of an engine's failure: ${title}`, () => assert.equal(rootCause(log), cause));
