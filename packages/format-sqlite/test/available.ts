import * as module from 'node:module';

/** Whether this Node.js has what the package needs; the tests of its error run on the others. */
export const hasSqlite = module.isBuiltin('node:sqlite') && Number(process.versions.node.split('.')[0]) >= 23;
