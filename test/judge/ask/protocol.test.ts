/** What makes a judge another one, so that its games are asked again. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPinned } from '../../../src/judge/ask/pinned.ts';
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

describe("a judge's name", () => {
  for (const name of [
    'gpt-4.1-2025-04-14',
    'claude-3-5-sonnet-20241022',
    'claude-3-5-sonnet@20240620',
    'gpt-4-0314',
    'mistral-large-2411',
    'gemini-2.0-flash-001',
    'Qwen/Qwen3-8B@9c925d64d72725edaf899c6cb9c377fd0709d9c5',
  ])
    test(`${name} says which version it is`, () => assert.equal(isPinned(name), true));
  for (const name of [
    'gpt-4.1',
    'claude-opus-4-1',
    'mistral-large-latest',
    'Qwen/Qwen3-8B',
    'org/name@main',
    'claude-x@latest',
  ])
    test(`${name} may be another one tomorrow`, () => assert.equal(isPinned(name), false));
});
