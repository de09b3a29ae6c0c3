/** 64 bits of a hash, kept with or without a sign, as 16 hex digits. */
export function hash64Text(hash: bigint): string {
  return BigInt.asUintN(64, hash).toString(16).padStart(16, '0');
}
