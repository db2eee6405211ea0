import { readFileSync, statSync } from 'node:fs';

export interface Expected {
  readonly path: string;
  readonly content: string;
}

export interface Sightings {
  /** Outputs that were seen with a content that is none. */
  readonly partial: readonly string[];
  /** Outputs that were seen as more than one file. */
  readonly republished: readonly string[];
}

/** Looks at outputs again and again, as somebody does who waits for them. */
export class Observer {
  readonly #outputs: readonly Expected[];
  readonly #seen = new Map<string, string>();
  readonly #inodes = new Map<string, bigint>();
  readonly #partial = new Set<string>();
  readonly #republished = new Set<string>();
  #next = 0;

  constructor(outputs: readonly Expected[]) {
    this.#outputs = outputs;
  }

  /** Looks at some of them, in turns. */
  look(count = 100): void {
    for (let i = 0; i < count; i += 1) {
      this.#lookAt(this.#outputs[this.#next]!);
      this.#next = (this.#next + 1) % this.#outputs.length;
    }
  }

  get sightings(): Sightings {
    return { partial: [...this.#partial], republished: [...this.#republished] };
  }

  #lookAt({ path, content }: Expected): void {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    const state = `${stats.ino}-${stats.size}-${stats.mtimeNs}`;
    if (this.#seen.get(path) === state) return;
    this.#seen.set(path, state);
    const before = this.#inodes.get(path);
    if (before !== undefined && before !== stats.ino) this.#republished.add(path);
    this.#inodes.set(path, stats.ino);
    if (readFileSync(path, 'utf8') !== content) this.#partial.add(path);
  }
}
