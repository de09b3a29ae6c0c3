/** What makes a judge another one, so that its games are asked again. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeProtocol, type LocalProtocol, localProtocol } from '../../../src/judge/ask/protocol.ts';

const CHOOSES: LocalProtocol = {
  mode: 'choice',
  model: 'a'.repeat(64),
  backend: 'hf',
  system: 'Judge.',
  written: null,
};

describe('a judge of this machine is another one', () => {
  const written = { maxTokens: 100, reasoningEnd: '</think>' };
  const changes: [what: string, change: Partial<LocalProtocol>][] = [
    ['with another model', { model: 'b'.repeat(64) }],
    ['with another backend', { backend: 'vllm' }],
    ['told other words', { system: 'Be kind.' }],
    ['in another mode', { mode: 'verdict', written }],
  ];
  for (const [what, change] of changes) {
    test(what, () => assert.notEqual(localProtocol({ ...CHOOSES, ...change }), localProtocol(CHOOSES)));
  }

  test('with room for longer verdicts', () => {
    const short = { ...CHOOSES, mode: 'verdict', written } as const;
    assert.notEqual(
      localProtocol({ ...short, written: { ...written, maxTokens: 200 } }),
      localProtocol(short),
    );
  });
});

test('games that were judged by a server before are known again', () => {
  const manner = { system: 'Judge.', maxTokens: 100, reasoningEnd: '</think>' };
  assert.equal(
    judgeProtocol('NAME-2026-01-01', manner),
    'e322290705f0200b89bb7c2e7e53eda9d495552735856895c8a9cafb00e1f874',
  );
});
