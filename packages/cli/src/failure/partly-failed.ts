/** Some of many files failed, and each has been told of: exit code 1, nothing more to say. */
export class PartlyFailed extends Error {
  override readonly name = 'PartlyFailed';
}
