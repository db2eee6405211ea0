export { bullmq, type BullmqOptions } from './engine/bullmq.ts';
