/** small-child.ts GROUP WRITER: for each message writes the files that it names, and answers with the milliseconds. */
import { writers } from './small-writers.ts';

const [group = '', name = ''] = process.argv.slice(2);
const write = await writers[group]?.[name]?.();
if (write === undefined || process.send === undefined) throw new Error(`There is no ${name} in ${group}`);
const content = Buffer.alloc(4096, 'content ');

process.on('message', async (targets: readonly string[]) => {
  const start = performance.now();
  for (const target of targets) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    await write(target, content);
  }
  process.send?.(performance.now() - start);
});
process.send('ready');
