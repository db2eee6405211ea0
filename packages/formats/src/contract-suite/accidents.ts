/** Random numbers from 0 on, the same for the same seed: a multiplicative generator (Park and Miller, 1988). */
export function randomBelow(seed: number): (end: number) => number {
  let state = ((seed * 7919) % 0x7fff_fffe) + 1;
  return (end) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % Math.max(1, end);
  };
}

/** The bytes after some accidents, the same for the same seed. */
export function mangled(bytes: Uint8Array, seed: number): Uint8Array {
  const below = randomBelow(seed);
  let found = Buffer.from(bytes);
  for (let accidents = 1 + below(4); accidents > 0; accidents--) {
    const at = below(found.length);
    const part = found.subarray(at, at + 1 + below(12));
    const noise = Buffer.from(Array.from(part, () => below(256)));
    const [before, after] = [found.subarray(0, at), found.subarray(at + part.length)];
    const instead = [[noise], [], [part, part], [part, noise], [after.subarray(0, 40), part]][below(5)]!;
    found = Buffer.concat([before, ...instead, after]);
  }
  return found;
}
