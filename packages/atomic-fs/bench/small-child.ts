/** small-child.ts GROUP WRITER: for each message writes the files that it names, and answers with the milliseconds. */
import { on } from 'node:events';

import { writers } from './small-writers.ts';

const [group = '', name = ''] = process.argv.slice(2);
const write = await writers[group]?.[name]?.();
if (write === undefined || process.send === undefined) throw new Error(`There is no ${name} in ${group}`);
const content = Buffer.alloc(4096, 'content ');

process.send('ready');

for await (const [targets] of on(process, 'message', { close: ['disconnect'] }) as AsyncIterable<
  [string[]]
>) {
  const start = performance.now();
  for (const target of targets) await write(target, content);
  process.send(performance.now() - start);
}
