import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  namesSecret,
  redactArguments,
  redactSecrets,
  SecretFilter,
  secretValues,
} from '../../src/system/secrets.ts';

const NAMES: [string, boolean][] = [
  ['token', true],
  ['auth_token', true],
  ['hf_token', true],
  ['use_auth_token', true],
  ['apiKey', true],
  ['api_key', true],
  ['API-KEY', true],
  ['aws_secret_access_key', true],
  ['password', true],
  ['db.password', true],
  ['credentials', true],
  ['Authorization', true],
  ['cookie', true],
  ['add_bos_token', false],
  ['think_end_token', false],
  ['prefix_token_id', false],
  ['custom_prefix_token_id', false],
  ['eos_token', false],
  ['tokenizer', false],
  ['tokenized_requests', false],
  ['max_new_tokens', false],
  ['kv_cache_dtype', false],
  ['peft', false],
  ['author', false],
  ['monkey', false],
  ['db_pass', true],
  ['github_pat', true],
  ['hftoken', true],
  ['account_sas', true],
  ['num_key_value_heads', false],
  ['key_cache', false],
  ['pass_count', false],
  ['path', false],
];
for (const [name, secret] of NAMES)
  test(`${name} ${secret ? 'holds a secret' : 'holds none'}`, () => assert.equal(namesSecret(name), secret));

const SHAPES: [string, string][] = [
  ['hf_abcdefghijklmnopqrstuvwxyz', '[redacted]'],
  ['x ghp_0123456789abcdefABCDEF y', 'x [redacted] y'],
  ['github_pat_11ABCDEFG0abcdefghijkl', '[redacted]'],
  ['sk-proj-abcdefghijklmnop', '[redacted]'],
  ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
  ['xoxb-123456789012-abcdef', '[redacted]'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '[redacted]'],
  ['https://me:pw@host/v1', 'https://[redacted]@host/v1'],
  ['https://tokenalone@host/v1', 'https://[redacted]@host/v1'],
  ['https://host/v1?a=1&api_key=abc&b=2', 'https://host/v1?a=1&api_key=[redacted]&b=2'],
  ['https://host/x?sig=abc', 'https://host/x?sig=[redacted]'],
  ['Authorization: Bearer abcdefgh.ijk', 'Authorization: Bearer [redacted]'],
  ['nvapi-abcdefghijklmnop0123', '[redacted]'],
  ['gsk_abcdefghijklmnop0123', '[redacted]'],
  ['npm_abcdefghijklmnop0123', '[redacted]'],
  ['pypi-AgEIcHlwaS5vcmcabcdef', '[redacted]'],
  ['hvs.CAESIabcdefghijklmnop', '[redacted]'],
  ['dapi0123456789abcdef0123456789abcdef', '[redacted]'],
  ['sk_live_abcdefghijklmnop', '[redacted]'],
  ['gldt-abcdefghijklmnop', '[redacted]'],
  ['{"api_key": "abcdef"}', '{"api_key": "[redacted]"}'],
  ["{'X-Api-Key': 'abcdef'}", "{'X-Api-Key': '[redacted]'}"],
  ['Authorization: token abcdef', 'Authorization: token [redacted]'],
  ['AccountKey=abc123==;Suffix=x', 'AccountKey=[redacted];Suffix=x'],
  ['--api-key abcdef --port 8', '--api-key [redacted] --port 8'],
  ['--hf-token=abcdef', '--hf-token=[redacted]'],
  ['KeyError: tokens', 'KeyError: tokens'],
  ['eos_token: <end>', 'eos_token: <end>'],
  ['--eos-token <end>', '--eos-token <end>'],
  ['./models/sk-small', './models/sk-small'],
  ['hf_small', 'hf_small'],
  ['https://host:8080/v1/completions', 'https://host:8080/v1/completions'],
  ['user@example.org', 'user@example.org'],
  ['bfloat16', 'bfloat16'],
];
for (const [text, kept] of SHAPES)
  test(`${text} reads ${kept}`, () => assert.equal(redactSecrets(text), kept));

const ARGS = {
  dtype: 'bfloat16',
  auth_token: 'one two',
  use_auth_token: true,
  password: 1234567,
  empty_secret: '',
  base_url: 'http://a:bcde@h/?token=fghij',
  header: { 'X-Anything': 'klmno', list: ['pqrst'] },
  nested: [{ api_key: 'uvwxy' }, 'plain'],
};

test('secrets are left out at any depth; switches and what is empty stay', () => {
  assert.deepEqual(redactArguments(ARGS), {
    dtype: 'bfloat16',
    auth_token: '[redacted]',
    use_auth_token: true,
    password: '[redacted]',
    empty_secret: '',
    base_url: 'http://[redacted]@h/?token=[redacted]',
    header: { 'X-Anything': '[redacted]', list: ['[redacted]'] },
    nested: [{ api_key: '[redacted]' }, 'plain'],
  });
});

test('the secrets themselves are known, so that others can be kept from printing them', () => {
  assert.deepEqual(secretValues(ARGS).sort(), [
    '1234567',
    'a:bcde',
    'fghij',
    'klmno',
    'one two',
    'pqrst',
    'uvwxy',
  ]);
});

test('a secret that comes in pieces is taken out of a log, and nothing else is', () => {
  const text = 'one two three one tw one two on';
  for (let size = 1; size <= text.length; size++) {
    const filter = new SecretFilter(['one two']);
    let told = '';
    for (let at = 0; at < text.length; at += size) told += filter.push(text.slice(at, at + size));
    assert.equal(told + filter.end(), '[redacted] three one tw [redacted] on', `pieces of ${size}`);
  }
});

test('a long text is looked through in one go', () => {
  const text = 'a-a.'.repeat(500_000);
  assert.equal(redactSecrets(text), text);
});

test('of pairs that name a secret the value is left out', () => {
  assert.deepEqual(
    redactArguments({
      options: [
        ['X-Api-Key', 'abc'],
        ['dtype', 'bf16'],
      ],
      more: [
        { name: 'Authorization', value: 'abc' },
        { name: 'dtype', value: 'bf16' },
      ],
      http_headers: { 'X-Anything': 'abc' },
    }),
    {
      options: [
        ['X-Api-Key', '[redacted]'],
        ['dtype', 'bf16'],
      ],
      more: [
        { name: 'Authorization', value: '[redacted]' },
        { name: 'dtype', value: 'bf16' },
      ],
      http_headers: { 'X-Anything': '[redacted]' },
    },
  );
});

test('a log has no secret either as Python, JSON or an address writes it', () => {
  const secret = `it's "a\\b" c/d?`;
  const filter = new SecretFilter([secret]);
  for (const written of [
    secret,
    JSON.stringify(secret),
    `'${secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    encodeURIComponent(secret),
    encodeURI(secret),
  ])
    assert.ok(!/a\\*b|a%5Cb/.test(filter.clean(`x ${written} y`)), written);
});
