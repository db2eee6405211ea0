import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type Exit, start } from './child.ts';
import { makeDirectory, removeDirectory } from './sandbox.ts';

export type FileSystem = 'ext4' | 'ext4-noauto' | 'xfs';

interface Kind {
  readonly bytes: number;
  readonly make: readonly string[];
  /** Mount options. */
  readonly options?: string;
}

const mebibyte = 2 ** 20;

const kinds: Readonly<Record<FileSystem, Kind>> = {
  ext4: { bytes: 32 * mebibyte, make: ['mkfs.ext4', '-q', '-F'] },
  // Without ext4's rescue of programs that rename without syncing: what a program may count on elsewhere.
  'ext4-noauto': { bytes: 32 * mebibyte, make: ['mkfs.ext4', '-q', '-F'], options: 'noauto_da_alloc' },
  // The smallest that mkfs.xfs makes; the file is sparse. It may be mounted while the one it is a copy of is.
  xfs: { bytes: 320 * mebibyte, make: ['mkfs.xfs', '-q', '-f'], options: 'nouuid' },
};

/**
 * FS_IOC_SHUTDOWN with "no log flush": from this moment the file system writes nothing more, as if the power
 * had gone. Node has no ioctl; Perl, which every Debian has, or Python makes the call.
 */
const shutdownRequest = '0x8004587d';
const noLogFlush = 2;
const shutdownPrograms: readonly (readonly [string, ...string[]])[] = [
  [
    'perl',
    '-e',
    `open my $d, '<', $ARGV[0] or die $!; my $how = pack('L', ${noLogFlush}); ioctl($d, ${shutdownRequest}, $how) or die $!`,
  ],
  [
    'python3',
    '-c',
    `import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), ${shutdownRequest}, struct.pack('I', ${noLogFlush}))`,
  ],
];

/**
 * A real file system in a file, mounted through a loop device, whose power can be cut.
 *
 * Any process may hold the mounts of this one in a namespace of its own (`unshare -m`, `ip netns exec`),
 * where a file system lives on after it has been unmounted here: mounted again it would come back dead,
 * and when it ends it writes once more. So its power is cut first, and what is mounted is a copy.
 */
export class Image {
  readonly mountPoint: string;
  readonly #home: string;
  #file: string;
  readonly #kind: Kind;
  /** The loop device that is mounted. */
  #device: string | undefined;
  #isDead = false;
  #boots = 0;

  private constructor(home: string, kind: Kind) {
    this.#home = home;
    this.#file = join(home, 'image');
    this.mountPoint = join(home, 'mounted');
    this.#kind = kind;
  }

  static async make(fileSystem: FileSystem): Promise<Image> {
    const image = new Image(await makeDirectory(), kinds[fileSystem]);
    try {
      await mkdir(image.mountPoint);
      const file = await open(image.#file, 'w');
      await file.truncate(image.#kind.bytes);
      await file.close();
      await must([...image.#kind.make, image.#file]);
      await image.#mount();
      return image;
    } catch (error) {
      await image.dispose();
      throw error;
    }
  }

  /** Stops the file system at once. What it has not yet handed to the device is gone. */
  async cutPower(): Promise<void> {
    let refused = 'neither perl nor python3 is installed';
    for (const program of shutdownPrograms) {
      // oxlint-disable-next-line no-await-in-loop -- the second only where the first is missing
      const exit = await attempt([...program, this.mountPoint]);
      if (exit === undefined) continue;
      if (exit.code === 0) {
        this.#isDead = true;
        return;
      }
      refused = exit.stderr.trim();
    }
    throw new Error(`The file system at ${this.mountPoint} cannot be shut down: ${refused}`);
  }

  /** Mounts again, which replays the journal, as after a reboot. Without a cut before, nothing is lost. */
  async reboot(): Promise<void> {
    if (!this.#isDead) {
      await must(['sync', '-f', this.mountPoint]);
      await this.cutPower();
    }
    await must(['umount', this.mountPoint]);
    await must(['losetup', '-d', this.#device!]);
    this.#device = undefined;
    const dead = this.#file;
    this.#boots += 1;
    this.#file = join(this.#home, `image-${this.#boots}`);
    await must(['cp', '--sparse=always', dead, this.#file]);
    await rm(dead);
    await this.#mount();
  }

  async dispose(): Promise<void> {
    if (this.#device !== undefined) {
      await attempt(['umount', '-l', this.mountPoint]);
      await attempt(['losetup', '-d', this.#device]);
    }
    await removeDirectory(this.#home);
  }

  async #mount(): Promise<void> {
    const device = (await must(['losetup', '--find', '--show', this.#file])).trim();
    this.#device = device;
    const { options } = this.#kind;
    await must(['mount', ...(options === undefined ? [] : ['-o', options]), device, this.mountPoint]);
    this.#isDead = false;
  }
}

const reasons = new Map<FileSystem, Promise<string | undefined>>();

/** Why images of this kind cannot be used here, or undefined where they can: tried, not guessed. */
export function imageMissing(fileSystem: FileSystem): Promise<string | undefined> {
  const reason = reasons.get(fileSystem) ?? tryImage(fileSystem);
  reasons.set(fileSystem, reason);
  return reason;
}

async function tryImage(fileSystem: FileSystem): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'loop devices need Linux';
  if (process.getuid?.() !== 0) return 'mounting an image needs root';
  try {
    const image = await Image.make(fileSystem);
    try {
      await image.cutPower();
      await image.reboot();
    } finally {
      await image.dispose();
    }
    return undefined;
  } catch (error) {
    return `no ${fileSystem} images here: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @returns what it printed */
async function must(command: readonly string[]): Promise<string> {
  const exit = await attempt(command);
  if (exit === undefined) throw new Error(`${command[0]} is not installed`);
  if (exit.code !== 0) throw new Error(`${command.join(' ')}: ${exit.stderr.trim()}`);
  return exit.stdout;
}

/** Undefined where the program does not exist. */
async function attempt(command: readonly string[]): Promise<Exit | undefined> {
  return start(command, { cwd: '/' }).exit.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
