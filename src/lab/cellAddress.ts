/** How many of each a run has. Cells stand in the order versions × models × cases × repeats. */
export type GridSize = { versions: number; models: number; cases: number; repeat: number };
export type CellPlace = { version: number; model: number; case: number; repeat: number };

export const cellCount = ({ versions, models, cases, repeat }: GridSize): number => versions * models * cases * repeat;

/** The place of the cell at `index`; all counted from 0. */
export function placeOf(index: number, { models, cases, repeat }: GridSize): CellPlace {
  const column = Math.floor(index / (cases * repeat));
  return {
    version: Math.floor(column / models),
    model: column % models,
    case: Math.floor(index / repeat) % cases,
    repeat: index % repeat,
  };
}

export function indexOf(place: CellPlace, { models, cases, repeat }: GridSize): number {
  return ((place.version * models + place.model) * cases + place.case) * repeat + place.repeat;
}
