export interface JsonReadOptions {
  /** How many lists and objects may be inside each other, the record counted. Default 256. */
  readonly maxDepth?: number;
}
