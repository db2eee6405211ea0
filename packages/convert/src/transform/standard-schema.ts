import type { Row } from '@x/formats';

import { ConvertError } from '../errors.ts';

/** A validator as zod, valibot, arktype and others have it: the part of Standard Schema v1 that is used here. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Verdict<Output> | Promise<Verdict<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type Verdict<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly PathPart[] | undefined;
      }[];
    };

type PathPart = PropertyKey | { readonly key: PropertyKey };

/** @throws {ConvertError} `INVALID_ROW` with the row and the column. */
export async function validated(schema: StandardSchema, row: Row, rowNumber: number): Promise<unknown> {
  const verdict = await schema['~standard'].validate(row);
  if (!verdict.issues) return verdict.value;
  const [issue] = verdict.issues;
  const path = issue?.path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const subject = path ? `column '${path}': ` : '';
  const message = `${subject}${issue?.message ?? 'the row is not valid'}`;
  throw new ConvertError('INVALID_ROW', message, { row: rowNumber, column: path }, { cause: verdict.issues });
}
