import { CodecError } from '@x/codecs';
import { expect, test } from 'vitest';

import { failureOf, noise, text } from '../samples.ts';
import { pack, unpack, unpackStream, type Subject } from './subject.ts';

export function damageContract(subject: Subject): void {
  test('a flipped bit anywhere is an error, or changes nothing where the content has a checksum', async () => {
    const content = text(400);
    const packed = await pack(subject, content);
    const surprises: string[] = [];
    let noticed = 0;
    for (let offset = 0; offset < packed.length; offset++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(packed);
        damaged[offset]! ^= 1 << bit;
        let output: Buffer | undefined;
        const error = await failureOf(unpack(subject, damaged).then((bytes) => (output = bytes)));
        const place = `bit ${bit} of byte ${offset} of ${packed.length}`;
        if (output === undefined) {
          noticed++;
          if (!(error instanceof CodecError)) surprises.push(`${place}: ${String(error)}`);
        } else if (subject.checksum && !output.equals(content) && !subject.unprotected?.({ offset, bit })) {
          surprises.push(`${place}: other content`);
        }
      }
    }
    expect(surprises).toEqual([]);
    // What nothing depends on, such as the time in a header or bits behind the end, is a small part.
    expect(noticed / (8 * packed.length)).toBeGreaterThan(subject.checksum ? 0.9 : 0);
  });

  test('input that is something else is an error', async () => {
    for (const other of [Buffer.from('id,name\n1,Alice\n2,Bob\n'), noise(3000), Buffer.alloc(3000, 0xff)]) {
      const error = await failureOf(unpack(subject, other));
      expect(error).toBeInstanceOf(CodecError);
      expect(['CORRUPT', 'TRUNCATED', 'CHECKSUM', 'WINDOW_TOO_LARGE', 'TRAILING_DATA']).toContain(
        (error as CodecError).code,
      );
    }
  });

  test('an error says what, where and what to do', async () => {
    const content = text(300_000);
    const packed = await pack(subject, content);
    const cut = packed.subarray(0, packed.length - 1);
    const error = (await failureOf(unpackStream(subject, cut, { path: 'a/b.csv.x' }).bytes())) as CodecError;
    expect(error).toMatchObject({
      code: 'TRUNCATED',
      codec: subject.codec,
      path: 'a/b.csv.x',
      name: 'CodecError',
    });
    expect(error.offset).toBeGreaterThan(0);
    expect(error.offset).toBeLessThanOrEqual(cut.length);
    expect(error.bytesOut).toBeLessThanOrEqual(content.length);
    expect(error.hint).toMatch(/incomplete/);
    expect(error.message).toContain(`(a/b.csv.x at byte ${error.offset}). ${error.hint}`);
  });

  test('what comes out before an error is what went in', async () => {
    const content = text(900_000);
    const packed = await pack(subject, content);
    const pieces: Uint8Array[] = [];
    const stream = unpackStream(subject, packed.subarray(0, -1));
    const error = await failureOf(
      (async () => {
        for await (const piece of stream) pieces.push(piece);
      })(),
    );
    const output = Buffer.concat(pieces);
    expect(error).toMatchObject({ code: 'TRUNCATED', bytesOut: output.length });
    expect(stream.stats.bytesOut).toBe(output.length);
    expect(content.subarray(0, output.length).equals(output)).toBe(true);
  });

  test('a bomb stops at its limits', async () => {
    const bomb = await pack(subject, Buffer.alloc(30_000_000));
    for (const limits of [{ outputBytes: 2_000_000 }, { ratio: 2 }]) {
      const error = (await failureOf(unpackStream(subject, bomb, { limits }).bytes())) as CodecError;
      expect(error.code).toBe('LIMIT');
      expect(error.bytesOut).toBeLessThan(4_000_000);
    }
    const enough = { outputBytes: 30_000_000, ratio: Infinity };
    expect((await unpackStream(subject, bomb, { limits: enough }).bytes()).length).toBe(30_000_000);
  });
}
