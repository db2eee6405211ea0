// Loaded before a worker: takes from the commit what makes it right. The last attempt wins, as with a plain rename.
import { register } from 'node:module';

const hook = `
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!/(run-directory\\/commit\\.ts|dist\\/[\\w-]+\\.js)$/.test(url)) return loaded;
  const right = /\\(\\) => (link\\d*\\(own, done\\(index\\)\\))/;
  const source = String(loaded.source);
  // A plant that is not there would be found by nobody.
  if (!right.test(source)) {
    if (url.endsWith('commit.ts')) throw new Error('the commit is not as this plant knows it');
    return loaded;
  }
  const wrong = 'async () => { await unlink(done(index)).catch(() => undefined); return $1; }';
  return { ...loaded, source: source.replace(right, wrong) };
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
