import type { ConvertError } from '@x/convert';

/** Three lines: what happened, where, and what to do. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `x: ${String(error)}\n`;
  const { path, line, column, byteOffset, hint } = error as Partial<ConvertError>;
  const place = [path, line, column].filter((part) => part !== undefined).join(':');
  const lines = [`x: ${error.message}`];
  if (place !== '') lines.push(`  at ${place}${byteOffset === undefined ? '' : ` (byte ${byteOffset})`}`);
  if (hint !== undefined) lines.push(`  ${hint}`);
  return `${lines.join('\n')}\n`;
}
