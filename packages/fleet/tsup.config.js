import { library } from '@x/tsup-config';

// The second process of an examination begins at a file of its own.
export default library(['src/index.ts', 'src/bullmq.ts', 'src/run-directory.ts', 'src/doctor/peer.ts']);
