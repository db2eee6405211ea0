import { type AnyFormat, detectFormat, formats as builtIn } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { canBeInstalled, formatPackages, loadFormatPackage, packageOf } from './format-packages.ts';
import type { FormatSigns } from './format-signs.ts';

/** Those that were given, the built-in ones, and those that a package of their own can bring. */
export class KnownFormats {
  /** All that can be recognized, in the order of precedence; not all of it can be read. */
  readonly signs: readonly FormatSigns[];
  readonly #atHand: readonly AnyFormat[];

  constructor(given: readonly AnyFormat[]) {
    this.#atHand = [...given, ...builtIn];
    const others = formatPackages.filter(({ name }) => !this.#atHand.some((format) => format.name === name));
    this.signs = [...this.#atHand.map(signsOf), ...others];
  }

  /** Those that are at hand, or that a package can bring: the ones to speak of. */
  get available(): readonly FormatSigns[] {
    return this.signs.filter(
      ({ name }) => this.#atHand.some((format) => format.name === name) || canBeInstalled(name),
    );
  }

  /** Name of the format whose magic bytes these are. */
  ofHead(head: Uint8Array): string | undefined {
    return this.signs.find(({ isHead }) => isHead?.(head))?.name;
  }

  /**
   * Whether content that is certainly something else contradicts this format's name: where its own
   * files can be told by their content.
   */
  canBeSeen(name: string): boolean {
    return (
      builtIn.some((format) => format.name === name) ||
      this.signs.some((signs) => signs.name === name && signs.isHead !== undefined)
    );
  }

  /**
   * The format of that name, loaded from its package if it is in one.
   *
   * @throws {ConvertError} `UNKNOWN_FORMAT`, `FORMAT_NOT_INSTALLED` or `FORMAT_UNUSABLE`.
   */
  async load(name: string, path: string | undefined): Promise<AnyFormat> {
    const found = this.#atHand.find((format) => format.name === name) ?? (await loadFormatPackage(name));
    if (found) return found;
    if (canBeInstalled(name)) {
      const what = `${name} needs the package ${packageOf(name)}, which is not installed`;
      const hint = `npm install ${packageOf(name)}`;
      throw new ConvertError('FORMAT_NOT_INSTALLED', what, { path, format: name, hint });
    }
    const isRecognized = this.signs.some((signs) => signs.name === name);
    const what = isRecognized ? `${name} can be neither read nor written` : `there is no format '${name}'`;
    const names = this.available.map((signs) => signs.name);
    const meant = isRecognized ? undefined : (this.#byExtension(name) ?? nearest(name, names));
    const hint = `${meant === undefined ? '' : `did you mean '${meant}'? `}formats are ${names.join(', ')}`;
    throw new ConvertError('UNKNOWN_FORMAT', what, { path, hint });
  }

  /** People name a format after its files: `ndjson`, `.csv`, `pq`. */
  #byExtension(name: string): string | undefined {
    const extension = `.${name.toLowerCase().replace(/^\./, '')}`;
    return this.available.find(({ extensions }) => extensions.includes(extension))?.name;
  }
}

function signsOf(format: AnyFormat): FormatSigns {
  const { name, extensions, magic } = format;
  return {
    name,
    extensions,
    ...(magic && { isHead: (head: Uint8Array) => detectFormat(head, [format]) !== undefined }),
  };
}
