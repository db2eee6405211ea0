import { library } from '@x/tsup-config';

export default library(['src/index.ts', 'src/zip.ts']);
