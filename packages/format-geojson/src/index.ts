export { geojson } from './format.ts';
export type { GeojsonReadOptions, GeojsonWriteOptions } from './options.ts';
