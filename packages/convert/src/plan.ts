import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type CodecName, codecs, type CompressSpec, detectCodec } from '@x/codecs';
import { type AnyFormat, formats } from '@x/formats';

import { ConvertError } from './errors.ts';
import { nameHints } from './name-hints.ts';
import type { Endpoint, ParsedOptions } from './options.ts';

/** One side of a conversion, decided. */
export interface Side {
  readonly path: string;
  readonly format: AnyFormat;
  readonly formatOptions: Readonly<Record<string, unknown>>;
  readonly codec: CompressSpec & { readonly codec: CodecName };
}

/** All that a run needs to know; made before anything is written. */
export interface Plan {
  readonly from: Side;
  readonly to: Side;
  readonly atomic: boolean;
  readonly durability: 'full' | 'data' | 'none';
  readonly signal: AbortSignal | undefined;
}

/**
 * Decides formats, codecs and destination, and refuses what cannot work.
 *
 * @param head First bytes of the source; its codec is told by them, before its name.
 */
export async function makePlan(
  source: { readonly path: string; readonly head: Uint8Array },
  destination: string | URL,
  options: ParsedOptions,
): Promise<Plan> {
  const to = decideSide(pathOf(destination), options.to, undefined);
  const from = decideSide(source.path, options.from, detectCodec(source.head));
  if (!from.format.capabilities.read) {
    throw new ConvertError('NOT_READABLE', `${from.format.name} can be written, not read`, {
      path: from.path,
    });
  }
  if (!to.format.capabilities.write) {
    throw new ConvertError('NOT_WRITABLE', `${to.format.name} can be read, not written`, { path: to.path });
  }
  await checkDestination(from.path, to.path, options.atomic);
  const { atomic, durability, signal } = options;
  return { from, to, atomic, durability, signal };
}

export function pathOf(file: string | URL): string {
  return typeof file === 'string' ? file : fileURLToPath(file);
}

/** What is said explicitly beats what the content says, which beats the name. */
function decideSide(path: string, endpoint: Endpoint, contentCodec: CodecName | undefined): Side {
  const { format: formatName, codec: codecName, level, checksum, ...formatOptions } = endpoint;
  const hints = nameHints(path, formats);
  const codec = codecNamed(codecName ?? contentCodec ?? hints.codec ?? 'identity', path);
  const names = formats.map(({ name }) => name).join(', ');
  const format = formatName === undefined ? hints.format : formats.find(({ name }) => name === formatName);
  if (format)
    return {
      path,
      format,
      formatOptions,
      codec: { codec, ...(level !== undefined && { level }), ...(checksum !== undefined && { checksum }) },
    };
  if (formatName !== undefined) {
    throw new ConvertError('BAD_OPTION', `there is no format '${formatName}'`, {
      path,
      hint: `formats are ${names}`,
    });
  }
  throw new ConvertError('UNKNOWN_FORMAT', "the file's name does not say its format", {
    path,
    hint: `say which it is: ${names} (option from.format or to.format; --from or --to)`,
  });
}

function codecNamed(name: string, path: string): CodecName {
  const found = codecs.find((codec) => codec.name === name);
  if (found) return found.name;
  const hint = `codecs are ${codecs.map((codec) => codec.name).join(', ')}`;
  throw new ConvertError('BAD_OPTION', `there is no codec '${name}'`, { path, hint });
}

async function checkDestination(from: string, to: string, atomic: boolean): Promise<void> {
  const [source, target, folder] = await Promise.all([
    stat(from, { bigint: true }),
    statOf(to),
    statOf(dirname(to)),
  ]);
  if (target?.isDirectory()) {
    throw new ConvertError('DESTINATION_IS_DIRECTORY', 'the destination is a directory', {
      path: to,
      hint: 'name the file to write in it',
    });
  }
  if (!folder) {
    throw new ConvertError('DESTINATION_NOT_FOUND', `there is no directory ${dirname(to)}`, {
      path: to,
      hint: 'make it first',
    });
  }
  if (!atomic && target?.isFile() && target.dev === source.dev && target.ino === source.ino) {
    throw new ConvertError('SAME_FILE', 'source and destination are the same file', {
      path: to,
      hint: 'writing in place would destroy the source while it is read; with atomic: true it works',
    });
  }
}

async function statOf(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
