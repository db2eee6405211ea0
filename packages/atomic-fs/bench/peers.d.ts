declare module 'write-file-atomic' {
  interface WriteOptions {
    readonly fsync?: boolean;
  }
  interface WriteFileAtomic {
    (path: string, data: Uint8Array, options?: WriteOptions): Promise<void>;
    sync(path: string, data: Uint8Array, options?: WriteOptions): void;
  }
  const writeFileAtomic: WriteFileAtomic;
  export default writeFileAtomic;
}

declare module 'fast-write-atomic' {
  export default function writeAtomic(
    path: string,
    data: Uint8Array,
    done: (error: Error | null | undefined) => void,
  ): void;
}
