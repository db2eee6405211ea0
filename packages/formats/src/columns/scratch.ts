import type { Arena } from '../kernel/arena.ts';

const known = new WeakMap<Arena, Scratch>();

/** Regions of an arena that are used again and again, and grow with what is put into them. */
export class Scratch {
  readonly #arena: Arena;
  readonly #regions = new Map<string, { readonly at: number; readonly size: number }>();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  static of(arena: Arena): Scratch {
    const found = known.get(arena) ?? new Scratch(arena);
    known.set(arena, found);
    return found;
  }

  /** Where the region of that name is, which there has to be. */
  at(name: string): number {
    return this.#regions.get(name)!.at;
  }

  /** Where the region of that name is; its content is lost when it has to grow. */
  async region(name: string, size: number): Promise<number> {
    const found = this.#regions.get(name);
    if (found !== undefined && found.size >= size) return found.at;
    const larger = Math.max(size, (found?.size ?? 0) * 2);
    const at = await this.#arena.allocate(larger);
    this.#regions.set(name, { at, size: larger });
    return at;
  }
}
