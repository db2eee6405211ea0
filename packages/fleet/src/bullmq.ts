export { bullmq, type BullmqEngine, type BullmqOptions } from './engine/bullmq.ts';
export { serveRuns, type ServeOptions } from './serve-runs.ts';
