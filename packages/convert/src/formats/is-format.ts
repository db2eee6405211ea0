import type { AnyFormat } from '@x/formats';

/** Whether it looks like a format: what is checked is what a wrong value would fail at much later. */
export function isFormat(value: unknown): value is AnyFormat {
  if (typeof value !== 'object' || value === null) return false;
  const { name, extensions, capabilities, createReader, createWriter } = value as Partial<AnyFormat>;
  return (
    typeof name === 'string' &&
    Array.isArray(extensions) &&
    typeof capabilities === 'object' &&
    typeof createReader === 'function' &&
    typeof createWriter === 'function'
  );
}
