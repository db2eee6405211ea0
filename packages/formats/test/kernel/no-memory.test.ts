import { csv, jsonl } from '@x/formats';
import { expect, onTestFinished, test } from 'vitest';

import { chunked, through } from '../bytes.ts';

test('what the process has no addresses for is done without WebAssembly', async () => {
  const api = Reflect.get(globalThis, 'WebAssembly') as { Memory: new () => object };
  const { Memory } = api;
  onTestFinished(() => void (api.Memory = Memory));
  let refused = 0;
  // As where addresses are limited (ulimit -v), which schedulers of clusters do.
  api.Memory = function withoutAddresses() {
    refused += 1;
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  } as unknown as typeof api.Memory;
  const written = await through(csv().createReader(chunked('id,name\n1,Zoë\n')), jsonl());
  expect(written).toBe('{"id":"1","name":"Zoë"}\n');
  expect(refused).toBeGreaterThan(0);
});
