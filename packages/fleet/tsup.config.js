import { library } from '@x/tsup-config';

export default library(['src/index.ts', 'src/run-directory.ts']);
