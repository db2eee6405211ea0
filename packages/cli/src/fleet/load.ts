/** A package that the command does not bring is not installed: `npm install` mends it. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
  readonly code = 'NOT_INSTALLED';
  readonly hint: string;

  constructor(what: string, packages: readonly string[], cause: unknown) {
    super(
      `${what} needs ${packages.join(' and ')}, which ${packages.length === 1 ? 'is' : 'are'} not installed`,
      {
        cause,
      },
    );
    this.hint = `npm install ${packages.join(' ')}, beside @x/cli (with -g where x is installed so)`;
  }
}

/** The package that converts with many workers; people who have one machine need not have it. */
export const loadFleet = (): Promise<typeof import('@x/fleet')> =>
  loaded('work on runs', ['@x/fleet'], () => import('@x/fleet'));

export const loadRunDirectory = (): Promise<typeof import('@x/fleet/run-directory')> =>
  loaded('work on runs', ['@x/fleet'], () => import('@x/fleet/run-directory'));

/** The engine on Redis, which has packages of its own. */
export async function loadBullmq(): Promise<typeof import('@x/fleet/bullmq')> {
  await loadFleet();
  return loaded('a queue on Redis', ['bullmq', 'ioredis'], () => import('@x/fleet/bullmq'));
}

async function loaded<T>(what: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing =
      code === 'ERR_MODULE_NOT_FOUND' && packages.some((name) => message.includes(`'${name}'`));
    throw isMissing ? new NotInstalled(what, packages, error) : error;
  }
}
