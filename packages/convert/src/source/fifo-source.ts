import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { isMainThread, workerData } from 'node:worker_threads';

import { StreamSource } from './stream-source.ts';

/** What a thread that is to use it is started with, and with `trackUnmanagedFds: false`. */
export interface ForFifos {
  /** Node.js does not close the descriptors of files when the thread ends. */
  readonly leavesDescriptors: true;
}

/**
 * Whether this thread may use {@link openFifo}. At the end of any other, Node.js would close, by its number, the
 * descriptor that the socket has closed before; the number may be that of somebody else's file by then.
 */
export const leavesDescriptors =
  isMainThread || (workerData as Partial<ForFifos> | null)?.leavesDescriptors === true;

/**
 * A named pipe, read without waiting in a thread of the pool: there, a pipe that is silent could
 * neither be given up nor outlived, as the end of the process waits for those threads.
 */
export async function openFifo(path: string, signal: AbortSignal | undefined): Promise<StreamSource> {
  // Without waiting for somebody who writes.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  try {
    return await StreamSource.open(socket, { path, signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
