import type { DataType, Value } from '../contract.ts';
import type { CellPlace } from './cell-place.ts';
import { Decimal } from './decimal.ts';

type Members = { readonly [key: string]: Value };

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is an object with members, and not one of the objects that stand for something else. */
export function isObject(value: Value): value is Members {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  return !(value instanceof Date || value instanceof Uint8Array || Decimal.is(value));
}

/** The members that are there: one that is undefined is none. */
export function membersOf(value: Members): [string, Value][] {
  const members = Object.entries(value);
  return members.some(([, one]) => one === undefined)
    ? members.filter(([, one]) => one !== undefined)
    : members;
}

/** The object with these members, whatever they are called. */
export function objectOf(members: Iterable<readonly [string, Value]>): Members {
  const object: Record<string, Value> = {};
  for (const [name, value] of members) {
    // Plain assignment to it would set the prototype, and lose the value.
    if (name !== '__proto__') object[name] = value;
    else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}

/** The place of the items of a list. */
export function placeOfItem(place: CellPlace): CellPlace {
  return within(place, place.type?.kind === 'list' ? place.type.item : undefined);
}

/** The place of a member of an object. */
export function placeOfMember(place: CellPlace, key: string): CellPlace {
  const { type } = place;
  if (type?.kind === 'map') return within(place, type.value);
  if (type?.kind !== 'struct') return within(place, undefined);
  return within(place, type.fields.find(({ name }) => name === key)?.type);
}

function within(place: CellPlace, type: DataType | undefined): CellPlace {
  if (place.type === type) return place;
  const { format, row, field } = place;
  return { format, row, field, ...(type !== undefined && { type }) };
}
