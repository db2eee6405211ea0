import { CodecError } from './codec-error.ts';

/**
 * Loads an optional package when it is first needed. Rejects with `UNAVAILABLE` where it is not
 * installed, or does not run on this machine.
 *
 * @param purpose What it is needed for, as the beginning of a sentence: `writing xz`.
 */
export async function loadPackage<Module>(
  codec: string,
  purpose: string,
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new CodecError('UNAVAILABLE', {
      codec,
      problem: `${purpose} needs the package ${name}, which could not be loaded`,
      hint: `Install it beside @x/codecs: npm install ${name}`,
      cause,
    });
  }
}
