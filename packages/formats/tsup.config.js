import { library } from '@x/tsup-config';

export default library([
  'src/index.ts',
  'src/columns.ts',
  'src/contract-suite.ts',
  'src/rows.ts',
  'src/zip.ts',
]);
