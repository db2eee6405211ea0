import { library } from '@x/tsup-config';

export default library(['src/index.ts', 'src/bullmq.ts', 'src/run-directory.ts']);
