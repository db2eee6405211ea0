import type { Edit } from './plant.ts';

/** A bug planted in `@x/convert`, as designs that only look atomic have them. */
export interface ConvertBug {
  readonly bug: string;
  readonly edits: readonly Edit[];
  /** The part of the lab that has to find it, and the calls that it looks at. */
  readonly by: 'faults' | 'kill';
  readonly only: readonly string[];
}

const fileDestination = 'destination/file-destination.ts';

export const convertBugs: readonly ConvertBug[] = [
  {
    // The Python original renames, and closes the codec then.
    bug: 'rename before the codec has ended',
    edits: [
      {
        file: fileDestination,
        find: '    writeAll: (produce) => produce({ write: (chunk) => file.write(chunk) }),\n    commit: () => file.commit(),',
        replace: `
    writeAll: async (produce) => {
      let last = Buffer.alloc(0);
      const write = async (chunk: Uint8Array) => {
        await file.write(last);
        last = Buffer.from(chunk);
      };
      await produce({ write });
      (file as unknown as { last: Buffer }).last = last;
    },
    commit: async () => {
      await file.commit();
      const handle = await openFile(path, 'a');
      await handle.write((file as unknown as { last: Buffer }).last);
      await handle.close();
    },`,
      },
    ],
    by: 'kill',
    only: ['rename'],
  },
  {
    bug: 'publish although the source has failed',
    edits: [
      {
        file: 'run-plan.ts',
        find: '      await discard(destination, error);',
        replace: '      await destination.commit();\n      throw error;',
      },
    ],
    by: 'faults',
    only: ['read'],
  },
  {
    bug: 'write in place',
    edits: [
      {
        file: 'destination/open-destination.ts',
        find: 'options.atomic ? await openAtomicFile(path, options) : new DirectFile(path)',
        replace: 'new DirectFile(path)',
      },
    ],
    by: 'kill',
    only: ['open', 'write'],
  },
];
