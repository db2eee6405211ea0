// The second process of an examination: does what it is told, and says what became of it.
import { type TaskName, tasks } from './tasks.ts';

interface Order {
  readonly task: TaskName;
  readonly folder: string;
  readonly names: readonly string[];
}

process.on('message', ({ task, folder, names }: Order) => {
  void tasks[task](folder, names).then(
    (fates) => process.send?.({ fates }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.send?.('ready');
