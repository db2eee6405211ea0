import type { ConvertOptions, Detection, RowReader } from '@x/convert';

import type { Cli } from '../commands/cli.ts';
import { standardInput } from '../streams/standard-input.ts';

export interface Inspected {
  readonly reader: RowReader;
  readonly detection: Pick<Detection, 'format' | 'codec' | 'method'>;
  /** Length of the standard input in bytes, where it is known. */
  readonly size: number | undefined;
}

/** Opens a file, or the standard input, and says by what it was told what it is. */
export async function openInspected(cli: Cli, file: string, options: ConvertOptions): Promise<Inspected> {
  const input = file === '-' ? standardInput(cli.terminal, cli.signal) : undefined;
  const { openReader } = await import('@x/convert');
  const reader = await openReader(input?.bytes ?? file, options);
  const { format, codec, method } = reader.detection!;
  return { reader, detection: { format, codec, method }, size: input?.size };
}
