import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The way from one worker to the server, which can be cut and mended. */
export interface Link {
  /** Where the worker finds the server. */
  readonly host: string;
  readonly port: number;
  /** Words before the worker's command, which put it at its end of the link. */
  readonly prefix: readonly string[];
  cut(): void;
  mend(): void;
  remove(): void;
}

/** Whether workers can have networks of their own here, which takes root. */
export function hasNamespaces(): boolean {
  try {
    const probe = `x-chaos-${process.pid}-probe`;
    ip('netns', 'add', probe);
    ip('netns', 'del', probe);
    return true;
  } catch {
    return false;
  }
}

/**
 * A pair of virtual cards between the worker's namespace and this one. What is sent while it is down is lost.
 *
 * @param number One of this process's, from 0 to 7. Its networks are not those of another process.
 */
export function namespaceLink(number: number, port: number): Link {
  const { pid } = process;
  const [name, here, there, net] = [
    `x-chaos-${pid}-${number}`,
    `xc${pid}n${number}a`,
    `xc${pid}n${number}b`,
    `10.${128 + (pid & 127)}.${8 * ((pid >> 7) & 31) + number}`,
  ];
  const remove = (): void => {
    for (const words of [
      ['netns', 'del', name],
      ['link', 'del', here],
    ]) {
      try {
        ip(...words);
      } catch {
        // One goes with the other.
      }
    }
  };
  ip('netns', 'add', name);
  ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there);
  ip('link', 'set', there, 'netns', name);
  ip('addr', 'add', `${net}.1/24`, 'dev', here);
  ip('link', 'set', here, 'up');
  ip('-n', name, 'addr', 'add', `${net}.2/24`, 'dev', there);
  ip('-n', name, 'link', 'set', there, 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  return {
    host: `${net}.1`,
    port,
    prefix: ['ip', 'netns', 'exec', name],
    cut: () => ip('link', 'set', here, 'down'),
    mend: () => ip('link', 'set', here, 'up'),
    remove,
  };
}

const ip = (...words: readonly string[]): void => void execFileSync('ip', [...words], { stdio: 'pipe' });

/** A proxy that, when it is cut, passes nothing on and closes nothing, as a cut cable does. */
export async function proxyLink(port: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (data) => void to.write(data));
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isCut) from.pause();
  };
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    join(near, far);
    join(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    prefix: [],
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    remove: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
