// The kernel of columns: between cells and typed arrays. It is a module of its own, which works on the same
// memory, so that whoever has only text never loads it.

export {
  cellsLength,
  cellsToBooleans,
  cellsToDays,
  cellsToDoubles,
  cellsToIntegers,
  cellsToMoments,
  cellsToText,
} from './from-cells';
export {
  booleansToCells,
  datesToCells,
  doublesToCells,
  entriesToCells,
  integersToCells,
  textsToCells,
  timestampsToCells,
} from './to-cells';
export { staticEnd } from '../static-end';
