import type { DataType, TimeUnit, Value } from '@x/formats';
import { unitsOfDate, unitsOfTime } from '@x/formats/rows';

import type { Cell } from './cell-value.ts';

const units = ['ms', 'us', 'ns'] as const;

/** What all of the cells are, where dates are among them; numbers, texts and booleans tell for themselves. */
export function typeOf(all: readonly (Cell | undefined)[]): DataType {
  const cells = all.filter((cell) => cell !== undefined);
  const meanings = new Set(cells.map(({ meaning }) => meaning));
  const are = (...some: readonly Cell['meaning'][]): boolean =>
    meanings.size > 0 && [...meanings].every((meaning) => some.includes(meaning));
  if (are('time')) return { kind: 'time', unit: unitOf(cells, isTimeIn) };
  if (are('date')) return { kind: 'date' };
  if (are('zoned')) return { kind: 'timestamp', unit: unitOf(cells, isMomentIn), zoned: true };
  if (are('date', 'moment')) return { kind: 'timestamp', unit: unitOf(cells, isMomentIn), zoned: false };
  return { kind: 'any' };
}

/** Whether a cell is of the type of its column. */
export function isOf({ value, meaning }: Cell, type: DataType): boolean {
  switch (type.kind) {
    case 'date':
      return (
        value instanceof Date &&
        meaning !== 'zoned' &&
        value.getTime() % 86_400_000 === 0 &&
        isMomentIn(value, 'ms')
      );
    case 'timestamp':
      return isMomentIn(value, type.unit) && (meaning === 'zoned') === type.zoned;
    case 'time':
      return meaning === 'time' && isTimeIn(value, type.unit);
    default:
      return true;
  }
}

/** The coarsest unit in which all of them are whole. */
function unitOf(cells: readonly Cell[], isIn: (value: Value, unit: TimeUnit) => boolean): TimeUnit {
  return units.find((unit) => cells.every(({ value }) => isIn(value, unit))) ?? 'ns';
}

function isMomentIn(value: Value, unit: TimeUnit): boolean {
  return value instanceof Date && unitsOfDate(value, unit) !== undefined;
}

function isTimeIn(value: Value, unit: TimeUnit): boolean {
  return typeof value === 'string' && unitsOfTime(value, unit) !== undefined;
}
