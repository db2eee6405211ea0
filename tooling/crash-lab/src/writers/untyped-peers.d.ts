// Peers that come without types: as much of them as the lab calls.

declare module 'write-file-atomic' {
  export default function writeFileAtomic(path: string, data: Uint8Array): Promise<void>;
}

declare module 'fast-write-atomic' {
  const fastWriteAtomic: { promise(path: string, data: Uint8Array): Promise<void> };
  export default fastWriteAtomic;
}
