import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

import { StreamSource } from './stream-source.ts';

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
