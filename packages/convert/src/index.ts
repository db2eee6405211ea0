export { bulkConvert } from './bulk-convert.ts';
export type { BulkOptions, BulkProgress, BulkTarget } from './bulk/bulk-options.ts';
export type { FoundFile, FoundFiles } from './bulk/found-files.ts';
export type { BulkConversionResult } from './bulk/bulk-result.ts';
export { ManifestError } from './bulk/manifest-error.ts';
export type { FileResult } from './bulk/run-jobs.ts';
export { convert } from './convert.ts';
export { detect } from './detect.ts';
export type { Detection } from './detect/tell-side.ts';
export type { DestinationLike, RowSink } from './destination/open-destination.ts';
export { ConvertError, type ConvertErrorCode } from './errors.ts';
export {
  type CodecDescription,
  type FormatDescription,
  listCodecs,
  listFormats,
  listInstalledFormats,
} from './known.ts';
export { removeTempsOnSignals, sweep, type SweepOptions } from './leftovers.ts';
export { type ConversionJob, type Converter, openConverter } from './open-converter.ts';
export { openReader, RowReader } from './open-reader.ts';
export { openWriter, RowWriter } from './open-writer.ts';
export type { ConvertOptions, Endpoint } from './options.ts';
export { type BulkPlan, planBulk } from './plan-bulk.ts';
export { pipeline, type PipelineOptions, type PipelineResult, type Process } from './pipeline.ts';
export type { Progress } from './progress.ts';
export type { ConversionResult } from './result.ts';
export type { ByteStreamLike, RowLike, RowsLike, Source } from './source/open-source.ts';
export type { StandardSchema } from './transform/standard-schema.ts';
