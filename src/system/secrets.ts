import { ownValue } from '../json.ts';

/** Stands where a secret was. */
export const REDACTED = '[redacted]';

/** Words of a name that say it holds a secret, wherever they stand in it. */
const SECRET_WORDS = new Set([
  ...['password', 'passwd', 'passphrase', 'pwd', 'secret', 'secrets', 'credential', 'credentials', 'auth'],
  ...['authorization', 'authorisation', 'apikey', 'key', 'keys', 'bearer', 'cookie', 'cookies', 'signature'],
  ...['passcode', 'pw', 'jwt', 'otp', 'sas', 'sessionid', 'accesskey', 'secretkey', 'privatekey'],
  ...['accesstoken', 'authtoken', 'apitoken', 'hftoken', 'bearertoken'],
]);
/** Words that say so where a name ends with them. */
const LAST_WORDS = new Set(['pass', 'pat', 'pin']);
/** Words after `key` that make it one of attention: `num_key_value_heads`, `key_cache`. */
const OF_ATTENTION = new Set([
  ...['value', 'values', 'cache', 'query', 'states', 'proj', 'projection', 'dim', 'head', 'heads', 'length'],
]);
/** Words before `token` that tell a secret from a token of text: `add_bos_token`, `think_end_token` are none. */
const TOKEN_OWNERS = new Set([
  ...[
    'access',
    'api',
    'hf',
    'hub',
    'huggingface',
    'github',
    'gh',
    'gitlab',
    'refresh',
    'session',
    'id',
    'user',
  ],
  ...[
    'personal',
    'private',
    'service',
    'oauth',
    'login',
    'security',
    'wandb',
    'openai',
    'read',
    'write',
    'my',
  ],
]);

/** Secrets by their shape, wherever they stand in a text. */
const SHAPES: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(?:hf|api_org)_[A-Za-z0-9]{16,}/g, REDACTED],
  [/\bgh[a-z]_[A-Za-z0-9]{16,}/g, REDACTED],
  [/\bgithub_pat_\w{16,}/g, REDACTED],
  [/\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[\w-]{16,}/g, REDACTED],
  [/\b(?:nvapi|xai|pplx|tskey|xapp|pypi)-[\w-]{16,}/g, REDACTED],
  [/\b(?:gsk|npm|r8|lsv2|dop_v1|[sr]k_(?:live|test))_\w{16,}/g, REDACTED],
  [/\b(?:hvs|hvb|ya29|SG)\.[\w.-]{16,}/g, REDACTED],
  [/\bdapi[0-9a-f]{32}\b/g, REDACTED],
  [/\bsk-[\w-]{16,}/g, REDACTED],
  [/\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bAIza[\w-]{30,}/g, REDACTED],
  [/\bxox[a-z]-[\w-]{8,}/g, REDACTED],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, REDACTED],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // Name and password before the host, a name alone too: services take a token there.
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]+@/gi, `$1${REDACTED}@`],
  [
    /([?&](?:[\w-]*(?:token|key|secret|password|passwd|signature|credential)|sig|auth)=)[^&#\s]+/gi,
    `$1${REDACTED}`,
  ],
  // What follows a telling name inside of a text: JSON, a header, `KEY=VALUE`, a flag.
  [
    /\b((?:[\w-]{0,40}[_-])?(?:(?:api|access|account|private|secret|shared)[-_]?key|secret|password|passwd|(?:auth|access|api|hf)[-_]?token|authorization)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|apikey)\s+)?)[^\s"',;&#]{4,}/gi,
    `$1${REDACTED}`,
  ],
  [
    /(--(?:(?:[\w-]{1,40}-)?(?:api-key|secret|password)|(?:hf-|auth-|access-|api-)?token)(?:\s+|=)["']?)[^\s"',;&#-][^\s"',;&#]{3,}/gi,
    `$1${REDACTED}`,
  ],
];

/** The text without what has the shape of a secret: tokens of well-known services, passwords in addresses. */
export function redactSecrets(text: string): string {
  return SHAPES.reduce((kept, [shape, instead]) => kept.replace(shape, instead), text);
}

/** Whether an argument of this name holds a secret: `auth_token`, `apiKey`, `db_password`; not `add_bos_token`. */
export function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const isOfAttention = (index: number) =>
    /^keys?$/.test(words[index]!) && OF_ATTENTION.has(words[index + 1] ?? '');
  if (words.some((word, index) => SECRET_WORDS.has(word) && !isOfAttention(index))) return true;
  if (LAST_WORDS.has(words.at(-1) ?? '')) return true;
  return words.some(
    (word, index) =>
      (word === 'token' || word === 'tokens') &&
      (words.length === 1 || TOKEN_OWNERS.has(words[index - 1] ?? '')),
  );
}

/** Headers of requests: any of them may be what lets one in. */
const HEADERS = /(?:^|[_-])headers?$/i;

/**
 * A model's arguments without their secrets, told by name and by shape, at any depth. What was left out reads `[redacted]`: two
 * such values are not known to be equal.
 */
export function redactArguments(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [redactSecrets(name), redactValue(name, value)]),
  );
}

function redactValue(name: string, value: unknown): unknown {
  if (HEADERS.test(name)) return hide(value);
  if (namesSecret(name)) return hide(value);
  if (typeof value === 'string') return redactSecrets(value);
  if (Array.isArray(value)) {
    const [first, second, ...more] = value;
    if (isSecretName(first) && more.length === 0) return [first, hide(second)];
    return value.map((part) => redactValue('', part));
  }
  if (typeof value === 'object' && value !== null) {
    const redacted = redactArguments(value as Record<string, unknown>);
    const { name: own, key } = value as Record<string, unknown>;
    return 'value' in redacted && (isSecretName(own) || isSecretName(key))
      ? { ...redacted, value: hide(redacted.value) }
      : redacted;
  }
  return value;
}

/** The first of a pair, such as `['X-Api-Key', 'abc']` or `{ name: 'X-Api-Key', value: 'abc' }`. */
function isSecretName(name: unknown): boolean {
  return typeof name === 'string' && name.length <= 40 && namesSecret(name);
}

/** Switches and nothing at all tell no secret. */
function hide(value: unknown): unknown {
  if (value === null || typeof value === 'boolean' || value === '') return value;
  if (Array.isArray(value)) return value.map(hide);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hide(part)]));
  return REDACTED;
}

/** The secrets themselves, so that they can be kept out of what others print. */
export function secretValues(args: Readonly<Record<string, unknown>>): string[] {
  const found = new Set<string>();
  collect(args, redactArguments(args), found);
  // Longest first: one may be part of another. A word of two letters would be taken out of every line.
  return [...found].filter((text) => text.length >= 4).sort((a, b) => b.length - a.length);
}

function collect(value: unknown, redacted: unknown, found: Set<string>): void {
  if (redacted === REDACTED) found.add(String(value));
  else if (typeof value === 'string' && typeof redacted === 'string' && value !== redacted) {
    // What stands between the parts that were kept.
    const [first = '', ...rest] = redacted.split(REDACTED);
    let at = first.length;
    for (const kept of rest) {
      const end = kept === '' ? value.length : value.indexOf(kept, at);
      if (end > at) found.add(value.slice(at, end));
      at = end + kept.length;
    }
  } else if (typeof value === 'object' && value !== null && typeof redacted === 'object' && redacted !== null)
    for (const [name, part] of Object.entries(value))
      collect(part, ownValue(redacted as Record<string, unknown>, name), found);
}

function encoded(text: string): string[] {
  try {
    return [encodeURI(text), encodeURIComponent(text)];
  } catch {
    // Half a character has no place in an address.
    return [];
  }
}

/** Takes secrets out of a text that comes in pieces. */
export class SecretFilter {
  readonly #secrets: readonly string[];
  #held = '';

  constructor(secrets: readonly string[]) {
    // Logs have texts as Python and JSON write them, and addresses.
    const written = (text: string) => [
      text,
      JSON.stringify(text).slice(1, -1),
      text.replace(/[\\']/g, '\\$&'),
      text.replaceAll('\\', '\\\\'),
      ...encoded(text),
    ];
    // An empty text stands between all characters.
    const known = secrets.filter((secret) => secret !== '');
    this.#secrets = [...new Set(known.flatMap(written))].sort((a, b) => b.length - a.length);
  }

  /** A whole text without them, and without what has the shape of others. */
  clean(text: string): string {
    return redactSecrets(this.#replace(text));
  }

  /** What can be told of the text so far; the beginning of a secret at its end waits for the next piece. */
  push(piece: string): string {
    if (this.#secrets.length === 0) return piece;
    const text = this.#replace(this.#held + piece);
    const kept = Math.max(...this.#secrets.map((secret) => overlap(text, secret)));
    this.#held = text.slice(text.length - kept);
    return text.slice(0, text.length - kept);
  }

  /** What still waited. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #replace(text: string): string {
    return this.#secrets.reduce((kept, secret) => kept.replaceAll(secret, REDACTED), text);
  }
}

/** Characters at the text's end that are the secret's beginning. */
function overlap(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}
