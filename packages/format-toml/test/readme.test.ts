import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'Cargo.lock':
      'version = 4\n\n[[package]]\nname = "adler2"\nversion = "2.0.1"\n\n[[package]]\nname = "base64"\nversion = "0.22.1"\n',
  });
  expect(stdout).toBe('{"name":"adler2","version":"2.0.1"}\n{"name":"base64","version":"0.22.1"}\n');
});
