import type { VoiceFlags } from '../output/voice.ts';
import type { EngineFlags, WorkFlags } from './engine-of.ts';

export const runActions = ['status', 'resume', 'verify', 'cancel', 'gc'] as const;

/** What `x run` is told. */
export interface RunFlags extends EngineFlags, WorkFlags, VoiceFlags {
  readonly retryFailed?: boolean;
}

/** What `x worker` is told. */
export interface WorkerFlags extends EngineFlags, WorkFlags, VoiceFlags {
  readonly run?: string;
  readonly shard?: string;
  readonly shards?: string;
  readonly memoryLimit?: string;
  readonly metrics?: string;
}
