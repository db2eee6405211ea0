/**
 * Runs the first example of a package's README in a folder with these files; gives what it prints, and the files
 * that are there afterwards.
 */
export function runReadmeExample(
  packageFolder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly stdout: string; readonly files: Readonly<Record<string, Uint8Array>> }>;
