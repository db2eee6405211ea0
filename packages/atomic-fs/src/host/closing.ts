import { type Steps, call } from './steps.ts';

/** Runs steps on an open descriptor and closes it. Where they fail, that is told, whatever close says. */
export function* closing<T>(fd: number, steps: Steps<T>): Steps<T> {
  let result: T;
  try {
    result = yield* steps;
  } catch (error) {
    yield* quietly(call((fs) => fs.close(fd)));
    throw error;
  }
  yield* call((fs) => fs.close(fd));
  return result;
}

/** Clears up after a failure, which is the one to tell of. */
export function* quietly(steps: Steps<unknown>): Steps<void> {
  try {
    yield* steps;
  } catch {
    // As above.
  }
}
