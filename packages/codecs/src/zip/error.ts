import { CodecError, type CodecErrorCode } from '../codec-error.ts';

export const zipError = (
  code: CodecErrorCode,
  path: string | undefined,
  problem: string,
  hint?: string,
): CodecError => new CodecError(code, { codec: 'zip', problem, hint, path });
