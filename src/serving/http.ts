import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { SosBenchError } from '../error.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Sent as a bearer key; no header where null. */
  key: string | null;
  /** Sent as JSON. */
  body?: unknown;
  /** Milliseconds for the whole exchange. */
  timeout: number;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * Why a request got no answer: nobody listens there (`unreachable`), the connection broke off (`cut`), it took too
 * long (`timeout`), it was told to stop (`aborted`), or the answer was too large (`too-large`).
 */
export type HttpFaultKind = 'unreachable' | 'cut' | 'timeout' | 'aborted' | 'too-large';

export class HttpFault extends Error {
  readonly kind: HttpFaultKind;

  constructor(kind: HttpFaultKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpFault';
    this.kind = kind;
  }
}

/** What cannot stand in a header. */
const NO_KEY = /[^\t\x20-\x7E\x80-\xFF]/;
const MAX_BYTES = 64 * 1024 * 1024;
const KEEP_ALIVE_MS = 30_000;
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT|EPROTO|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/**
 * One request, one answer, whatever its status. Not `fetch`: that gives up after 300 s without a byte, and a model
 * that writes a long answer on a processor is silent for longer. Redirects are not followed: the key goes where the
 * user said, nowhere else.
 *
 * @throws HttpFault; SosBenchError `usage` for a key that is none.
 */
export function sendRequest(url: string, options: HttpRequest): Promise<HttpAnswer> {
  const { method, key, body, timeout, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new HttpFault('aborted', 'stopped'));
      return;
    }
    // As it comes out of a secret store: with a line feed behind it.
    const sent = key?.trim() ?? '';
    if (NO_KEY.test(sent)) {
      reject(
        new SosBenchError(
          'usage',
          'the key of the server holds a line break or another character that no key has',
          {
            hint: 'set it again, the key alone',
          },
        ),
      );
      return;
    }
    const text = body === undefined ? null : JSON.stringify(body);
    const settings: RequestOptions = {
      method,
      // A connection for each request: a kept one may be closed by the server in the moment it is used again.
      agent: false,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(sent === '' ? {} : { authorization: `Bearer ${sent}` }),
        ...(text === null
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    };
    const outgoing = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, settings);
    const fail = (fault: HttpFault) => {
      finish();
      reject(fault);
      outgoing.destroy();
    };
    const stop = () => fail(new HttpFault('aborted', 'stopped'));
    const timer = setTimeout(
      () => fail(new HttpFault('timeout', `no answer within ${Math.round(timeout / 1000)} s`)),
      timeout,
    );
    signal.addEventListener('abort', stop);
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    outgoing.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const isUnreachable = UNREACHABLE.test(error.code ?? '');
      // Names with several addresses fail with an error that has no message of its own.
      const why = error.message || error.code || 'connection failed';
      fail(new HttpFault(isUnreachable ? 'unreachable' : 'cut', why, error));
    });
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      const plain = unpacked(incoming);
      plain.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > MAX_BYTES) fail(new HttpFault('too-large', `the answer is over ${MAX_BYTES} bytes`));
        else parts.push(part);
      });
      incoming.on('error', (error) => fail(new HttpFault('cut', 'the answer broke off', error)));
      if (plain !== incoming)
        plain.on('error', (error) => fail(new HttpFault('cut', 'the answer cannot be unpacked', error)));
      plain.on('end', () => {
        finish();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    outgoing.end(text ?? undefined);
  });
}

const UNPACK: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What a server packs although nobody asked it to, as some proxies do. */
function unpacked(incoming: IncomingMessage): Readable {
  const unpack = UNPACK[(incoming.headers['content-encoding'] ?? '').trim().toLowerCase()];
  return unpack === undefined ? incoming : incoming.pipe(unpack());
}
