import { onTestFinished, type TestContext } from 'vitest';

import { howToInstall, isRedisInstalled, RedisServer } from '../chaos/server.ts';
import { scratchFolder } from './scratch.ts';

/** A server of the test's own; skips the test where there is none. */
export async function redisServer(
  context: TestContext,
  settings: readonly string[] = ['--appendonly', 'yes'],
): Promise<RedisServer> {
  if (!isRedisInstalled()) context.skip(`needs ${howToInstall}`);
  const server = await RedisServer.start(scratchFolder(), ['--bind', '127.0.0.1', ...settings]);
  onTestFinished(() => server.kill());
  return server;
}
