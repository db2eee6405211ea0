import { library } from '@x/tsup-config';

// The threads of bulkConvert begin at a file of their own.
export default library(['src/index.ts', 'src/bulk/worker.ts']);
