/** A file that was found, or named. */
export interface FoundFile {
  readonly path: string;
  /** Its folders below the one that was searched; empty where it lay there itself. */
  readonly folders: string;
  /** Whether it was named itself, not found in a folder or by a glob. */
  readonly named: boolean;
}

/**
 * Where found files are kept, for which of them are sources is known when all are found. They are
 * read several times, in their order.
 */
export interface FoundFiles {
  add(file: FoundFile): void | Promise<void>;
  all(): Iterable<FoundFile> | AsyncIterable<FoundFile>;
}

/** In memory. */
export function foundInMemory(): FoundFiles {
  const files: FoundFile[] = [];
  return { add: (file) => void files.push(file), all: () => files };
}
