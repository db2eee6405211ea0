/**
 * Copies bytes to where up to 16 more behind them may be overwritten with anything. The two places
 * may overlap only if `target` is at least 16 bytes behind `source`.
 */
export function copyLoosely(source: u32, target: u32, length: u32): void {
  v128.store(target, v128.load(source));
  for (let i: u32 = 16; i < length; i += 16) v128.store(target + i, v128.load(source + i));
}
