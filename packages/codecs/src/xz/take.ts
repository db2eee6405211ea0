import type { Run } from '../codec.ts';

/** Takes that many bytes. Throws `TRUNCATED` where the input ends before. */
export async function takeAll(run: Run, count: number): Promise<Uint8Array> {
  const bytes = await run.input.take(count);
  if (bytes.length < count) throw truncatedXz(run);
  return bytes;
}

export const truncatedXz = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside an xz stream', {
    hint: 'The file is incomplete: fetch or write it again',
  });
