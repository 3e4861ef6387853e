import type { Rejection } from "@evx/formats";

/**
 * Where the rows of a part stand in the file that it was taken from: pairs of a row of the part and its row in the file,
 * one for each place where the part jumps.
 */
export type RowMap = readonly (readonly [row: number, inFile: number])[];

/** A part that jumps more often is told by its own rows: the map would be larger than the part. */
const mostJumps = 20_000;

/** Makes the map of a part whose rows, from `first` on, are these of the file. Null where it would be too large. */
export const rowMapOf = (inFile: readonly number[], first: number): RowMap | null => {
  const map: [number, number][] = [];
  for (const [at, row] of inFile.entries()) {
    if (at === 0 || row !== (inFile[at - 1] as number) + 1) map.push([at + first, row]);
    if (map.length > mostJumps) return null;
  }
  return map;
};

/** The row in the file of a row of the part. */
export const inFile = (map: RowMap, row: number): number => {
  let [low, high] = [0, map.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((map[middle] as RowMap[number])[0] <= row) low = middle + 1;
    else high = middle;
  }
  const found = map[low - 1];
  return found ? found[1] + row - found[0] : row;
};

/** Rejections by their rows in the file. */
export const placedInFile = (map: RowMap | null, rejections: readonly Rejection[]): Rejection[] =>
  map === null
    ? [...rejections]
    : rejections.map((rejection) => ({ ...rejection, row: inFile(map, rejection.row) }));
