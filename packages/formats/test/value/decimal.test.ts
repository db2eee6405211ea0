import { Decimal } from '@x/formats';
import { describe, expect, test } from 'vitest';

test('keeps its spelling, and counts as the nearest double', () => {
  const decimal = new Decimal('0.10');
  expect(String(decimal)).toBe('0.10');
  expect(JSON.stringify({ decimal })).toBe('{"decimal":"0.10"}');
  expect(Number(decimal) * 2).toBe(0.2);
  expect(Decimal.is(decimal)).toBe(true);
  for (const other of [0.1, '0.10', null, {}]) expect(Decimal.is(other)).toBe(false);
});

describe('the double of the same digits', () => {
  test.each([
    ['0.10', 0.1],
    ['-0.0', -0],
    ['1e5', 100_000],
    ['1E+5', 100_000],
    ['100e-2', 1],
    ['0.0001230', 0.000_123],
    ['1e21', 1e21],
    ['1.7976931348623157e308', 1.797_693_134_862_315_7e308],
    ['5e-324', 5e-324],
  ])('%s has one', (text, number) => {
    expect(new Decimal(text).toNumber()).toBe(number);
  });

  test.each(['1e400', '0.1234567890123456789', '9007199254740993', '1e-400', '0.30000000000000004999'])(
    '%s has none',
    (text) => {
      expect(new Decimal(text).toNumber()).toBeUndefined();
    },
  );
});

test.each(['', '+1', '01', '.5', '5.', '1e', 'NaN', ' 1', '1 '])('%j is no decimal', (text) => {
  expect(() => new Decimal(text)).toThrow(RangeError);
});
