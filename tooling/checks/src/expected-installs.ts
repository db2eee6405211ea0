/** What an empty folder's `node_modules` holds after installing each package alone. */
const leaves = ['@x/atomic-fs', '@x/codecs', '@x/formats'];

export const expectedInstalls: Readonly<Record<string, readonly string[]>> = {
  '@x/atomic-fs': ['@x/atomic-fs'],
  '@x/codecs': ['@x/codecs'],
  '@x/formats': ['@x/formats'],
  '@x/format-parquet': ['@x/format-parquet', '@x/formats'],
  '@x/convert': [...leaves, '@x/convert', 'picomatch'].toSorted(),
  '@x/fleet': [...leaves, '@x/convert', '@x/fleet', 'picomatch'].toSorted(),
  '@x/format-arrow': ['@x/format-arrow', '@x/formats'],
  '@x/format-avro': ['@x/format-avro', '@x/formats'],
  '@x/format-bson': ['@x/format-bson', '@x/formats'],
  '@x/format-cbor': ['@x/format-cbor', '@x/formats'],
  '@x/format-msgpack': ['@x/format-msgpack', '@x/formats'],
  '@x/format-toml': ['@x/format-toml', '@x/formats', 'eslint-visitor-keys', 'toml-eslint-parser'],
  '@x/format-xlsx': ['@x/format-xlsx', '@x/formats', 'saxes', 'xmlchars'],
  '@x/format-xml': ['@x/format-xml', '@x/formats', 'saxes', 'xmlchars'],
  '@x/format-yaml': ['@x/format-yaml', '@x/formats', 'yaml'],
  '@x/format-sqlite': ['@x/format-sqlite', '@x/formats'],
  '@x/cli': [
    ...leaves,
    ...['arrow', 'avro', 'bson', 'cbor', 'msgpack', 'parquet', 'sqlite', 'toml', 'xlsx', 'xml', 'yaml'].map(
      (name) => `@x/format-${name}`,
    ),
    '@x/cli',
    '@x/convert',
    'eslint-visitor-keys',
    'picomatch',
    'saxes',
    'toml-eslint-parser',
    'xmlchars',
    'yaml',
  ].toSorted(),
};
