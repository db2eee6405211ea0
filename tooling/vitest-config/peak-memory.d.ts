/** The most memory that this process has had resident so far, in bytes, without what its parent had. */
export declare function peakMemory(): number;
