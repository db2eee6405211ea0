/**
 * Lets Node.js keep what it has compiled of this command for the next run, in a folder of the user's
 * own. Its default would be one in the folder for temps, where on a shared machine somebody else may
 * have put something to run already.
 *
 * Does nothing where there is no such folder, before Node.js 22.8, and where `NODE_COMPILE_CACHE`
 * names another one or `NODE_DISABLE_COMPILE_CACHE` is set.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  const folder = cacheFolder(env);
  if (folder !== undefined) process.getBuiltinModule('node:module').enableCompileCache?.(`${folder}/x-cli`);
}

/** Where programs keep what they can do without (XDG base directories; on Windows, the local application data). */
function cacheFolder({ XDG_CACHE_HOME, HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === 'win32') return LOCALAPPDATA || undefined;
  return XDG_CACHE_HOME || (HOME ? `${HOME}/.cache` : undefined);
}
