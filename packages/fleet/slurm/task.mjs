// task.mjs OUT: what each task of the array runs.
import { joinRun, shardOf } from '@x/fleet';

const { published, open, isComplete } = await (
  await joinRun(process.argv[2], { engine: shardOf(process.env, 4), concurrency: 1 })
).done();
console.log({ published, open, isComplete });
