import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './process/child-environment.ts';

export interface HubToken {
  token: string;
  /** Where it was found, in words: the token itself is in no message. */
  source: string;
}

/** The Hub's token, where its own library looks for it: `HF_TOKEN`, else the file that `hf auth login` left. */
export function findHubToken(environment: Environment): HubToken | null {
  if (environment.HF_TOKEN) return { token: environment.HF_TOKEN, source: 'HF_TOKEN' };
  const path = environment.HF_TOKEN_PATH || join(hubHome(environment), 'token');
  try {
    const token = readFileSync(path, 'utf8').trim();
    return token === '' ? null : { token, source: `the token in ${path}` };
  } catch {
    return null;
  }
}

/** Where the Hub's own library keeps its things. */
export function hubHome(environment: Environment): string {
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME ?? '', '.cache');
  return environment.HF_HOME || join(cache, 'huggingface');
}
