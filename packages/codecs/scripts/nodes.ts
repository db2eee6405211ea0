import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nodeBinary } from '@x/checks/node-binary';

/** The first release of every line with zstd in `node:zlib`, the newest one of each, and the line without. */
export const nodeVersions: readonly string[] = ['20', '22.15', '22', '24.0', '24', '26.0', '26'];

/** Nodes that were fetched before are used again; remove the folder to have the newest releases. */
const folder = join(tmpdir(), 'x-codecs-nodes');

/** The binary of the newest release of a Node.js line; fetched with npm if it is not there. */
export const nodeOf = (version: string): string => nodeBinary(join(folder, version), version);
