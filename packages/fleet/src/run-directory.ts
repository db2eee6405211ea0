export { attempt, type Attempt, type Outcome, place, type Step } from './run-directory/commit.ts';
export { type Dataset, publishDataset } from './run-directory/dataset.ts';
export { fingerprintOf } from './run-directory/fingerprint.ts';
export { type Fate, finish, publishManifest, reconcile } from './run-directory/finish.ts';
export type { RunFolder } from './run-directory/layout.ts';
export {
  cancelRun,
  collectGarbage,
  findRun,
  isFinished,
  openLatestRun,
  openNewRun,
} from './run-directory/open-run.ts';
export { Plan, type PlannedFile, writePlan } from './run-directory/plan-file.ts';
export { type FailedFile, failedFiles } from './run-directory/failed-files.ts';
export { type Failure, setAside } from './run-directory/set-aside.ts';
export { type RunStatus, type Standing, statusOf } from './run-directory/standing.ts';
export { type Deviation, type Verification, verifyRun } from './run-directory/verify.ts';
