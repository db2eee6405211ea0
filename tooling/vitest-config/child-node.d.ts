/** Arguments for a child Node.js that must see the same `@x/*` code as the test that starts it. */
export declare const childNodeArgs: readonly string[];

/** The program of a package that such a child runs: its source, or what is built from it. */
export declare function programPath(packageFolder: string, name: string): string;
