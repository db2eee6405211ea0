export { bulkConvert, detachRun, type FleetBulkOptions, joinRun } from './bulk-convert.ts';
export { examineFolder, type Finding } from './doctor/examine-folder.ts';
export type { Engine, Lease, Queue } from './engine/engine.ts';
export { local } from './engine/local.ts';
export { shard, shardOf } from './engine/shard.ts';
export { FleetError, type FleetErrorCode, type FleetErrorDetails } from './fleet-error.ts';
export { type FleetOptions, type FleetProgress, type FleetResult, FleetRun } from './fleet-run.ts';
export { Metrics, type MetricsServer, serveMetrics } from './metrics.ts';
