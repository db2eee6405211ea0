import { TextDecoder } from 'node:util';

import { FormatError } from '@x/formats';

import { format } from '../options.ts';

/** Turns bytes into text, in the encoding that the document says it has (XML 1.0, appendix F). */
export class Decoding {
  readonly #decoder: TextDecoder;
  readonly #label: string;

  constructor(head: Uint8Array) {
    this.#label = encodingOf(head);
    try {
      this.#decoder = new TextDecoder(this.#label, { fatal: true });
    } catch (cause) {
      throw new FormatError(
        'UNSUPPORTED',
        `the document is in the encoding ${this.#label}, which is not known`,
        { format, cause },
      );
    }
  }

  text(bytes?: Uint8Array): string {
    try {
      return bytes === undefined ? this.#decoder.decode() : this.#decoder.decode(bytes, { stream: true });
    } catch (cause) {
      const hint = 'the document says that it is: correct what it says, or have it written again';
      throw new FormatError('INVALID_TEXT', `the document is not ${this.#label}`, { format, hint, cause });
    }
  }
}

function encodingOf(head: Uint8Array): string {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  const declared = /^\S{0,3}<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(
    Buffer.from(head).toString('latin1'),
  )?.[1];
  // What says so in single bytes cannot be it.
  return declared === undefined || /^utf-?16/i.test(declared) ? 'utf-8' : declared;
}
