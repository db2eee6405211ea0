export { bulkConvert, type FleetBulkOptions, joinRun } from './bulk-convert.ts';
export type { Engine, Lease, Queue } from './engine/engine.ts';
export { local } from './engine/local.ts';
export { shard } from './engine/shard.ts';
export { FleetError, type FleetErrorCode, type FleetErrorDetails } from './fleet-error.ts';
export { type FleetOptions, type FleetProgress, type FleetResult, FleetRun } from './fleet-run.ts';
