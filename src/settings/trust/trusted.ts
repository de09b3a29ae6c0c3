declare const BRAND: unique symbol;

/**
 * A value that may judge a change: from this action, the store, GitHub's API, the base commit, a workflow input, or a folder outside
 * the workspace that the operator named. What the change's checkout or its jobs left never has this type; `src/settings/trust`
 * alone makes it.
 */
export type Trusted<T> = T & { readonly [BRAND]: true };

/** For the modules of this folder alone (a test holds that): each says why its value may judge. */
export function asTrusted<T>(value: T): Trusted<T> {
  return value as Trusted<T>;
}
