import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { type AskedFor, EVALUATION_KEYS, readAskedFor } from '../../settings/asked-for.ts';
import type { ConfigSource } from '../../settings/config-file.ts';
import { findBreaches } from '../../verdict/breaches.ts';

/**
 * Refuses a record that was evaluated otherwise than the base's configuration and this workflow's own inputs ask for. Jobs that
 * evaluate have no token and read their settings from the change's own checkout: were its edits taken at their word, it would
 * choose the suite, the tasks or the prompts it is judged by, and a record that nothing can be compared with passes a check.
 *
 * @throws SosBenchError `record-invalid`, and as settings are read.
 */
export async function requireAsked({ record }: LoadedRecord, source: ConfigSource): Promise<void> {
  const given = Object.fromEntries(
    EVALUATION_KEYS.flatMap((key) => {
      const value = core.getInput(key);
      return value === '' ? [] : [[key, value]];
    }),
  );
  const asked = await readAskedFor(given, source);
  const breaches = findBreaches(record, toAsked(asked));
  if (breaches.length === 0) return;
  const list = breaches.map(({ what, asked, found }) => `${what} is ${found}, asked for was ${asked}`);
  throw new SosBenchError(
    'record-invalid',
    `the record was not evaluated as ${source.path} asks: ${list.join('; ')}`,
    {
      hint:
        'a change is evaluated by the settings of its base: check the base out beside it and give the `run` action its file ' +
        '(config: base/.github/sos-bench.yml); what the workflow asks for otherwise, such as suite, goes to `report` too',
    },
  );
}

function toAsked(asked: AskedFor) {
  const template = asked['apply-chat-template'];
  return {
    suite: asked.suite,
    backend: asked.backend,
    seed: asked.seed,
    includePaths: asked['include-path'],
    chatTemplate: template === 'auto' ? null : template,
    enableThinking: asked['enable-thinking'],
    systemInstruction: asked['system-instruction'],
    maxGenToks: asked['max-gen-toks'],
  };
}
