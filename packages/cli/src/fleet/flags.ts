import type { VoiceFlags } from '../output/voice.ts';
import type { ReadingFlags, WritingFlags } from '../usage/convert-options.ts';
import type { EngineFlags, WorkFlags } from './engine-of.ts';

export const runActions = ['status', 'resume', 'verify', 'cancel', 'gc'] as const;

/** What `x run` is told. */
export interface RunFlags extends EngineFlags, WorkFlags, VoiceFlags {
  readonly retryFailed?: boolean;
  readonly redoChanged?: boolean;
}

/** What `x split` is told. */
export interface SplitFlags
  extends
    ReadingFlags,
    Omit<WritingFlags, 'mkdirs' | 'atomic' | 'durability'>,
    EngineFlags,
    WorkFlags,
    VoiceFlags {
  readonly partSize?: string;
  readonly detach?: boolean;
  readonly takeover?: boolean;
}

/** What `x worker` is told. */
export interface WorkerFlags extends EngineFlags, WorkFlags, VoiceFlags {
  readonly run?: string;
  readonly shard?: string;
  readonly shards?: string;
  readonly memoryLimit?: string;
  readonly metrics?: string;
}
