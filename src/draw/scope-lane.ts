/** A stretch of an area that is drawn slot by slot. */
import type { Framed } from './scope-overview.ts';

/** What a lane shows. */
export interface Lane extends Framed {
  readonly title: string;
  /** Under the title. */
  readonly lines: readonly string[];
}

/** Where a lane's first cell stands, and how large its cells are. */
export interface LanePlace {
  readonly x: number;
  /** Top of the cells. */
  readonly y: number;
  readonly cell: number;
  readonly tall: number;
}

/** Left edge of a slot of a lane, on a whole pixel: between slots of one run no seam is to be seen. */
export function cellX({ x, cell }: LanePlace, lane: Lane, at: number): number {
  return Math.round(x + (at - lane.at) * cell);
}
