import { CodecError } from './codec-error.ts';

/** A spec may serve both ways, so that what only one of them uses is no mistake in the other. */
const names = {
  spec: ['codec', 'level', 'threads', 'checksum', 'size', 'dictionary', 'raw'],
  stream: ['signal', 'path', 'limits', 'reuse'],
  limits: ['outputBytes', 'ratio', 'windowLog'],
};

/**
 * Refuses an option that has no effect because it is misspelt: of a limit, nobody would notice.
 *
 * @throws {CodecError} `BAD_OPTION`, with the options that there are.
 */
export function checkOptions(codec: string, kind: keyof typeof names, options: object): void {
  // Of what JavaScript hands over, the types have seen nothing.
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) {
    throw new CodecError('BAD_OPTION', {
      codec,
      problem: `${kind === 'limits' ? 'limits are' : 'options are'} ${String(given)}`,
      hint: `Use an object with ${names[kind].join(', ')}`,
    });
  }
  const unknown = Object.keys(given).find((name) => !names[kind].includes(name));
  if (unknown === undefined) return;
  throw new CodecError('BAD_OPTION', {
    codec,
    problem: `there is no option ${kind === 'limits' ? 'limits.' : ''}${unknown}`,
    hint: `Use ${names[kind].join(', ')}`,
  });
}
