/**
 * For the tests of this package and for the crash lab only: not covered by semantic versioning.
 *
 * `withHost(host, options)` gives options with which a call runs on `host`; start from `nodeHost`
 * and replace the calls to watch or to fail, or let `intercept` do so.
 */
export type { AsyncCalls, CallName, Host, SyncCalls } from './host/host.ts';
export { type Interception, intercept } from './host/intercept.ts';
export { nodeHost } from './host/node-host.ts';
export { withHost } from './options.ts';
