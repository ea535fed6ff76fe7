/** Where the labels of the handles stand: beside their handle, or as near as the others allow. */
import { spread } from '../draw/spread.ts';

/** The strip that labels may take, and how high one is. */
export interface LabelStrip {
  readonly topPx: number;
  readonly bottomPx: number;
  readonly linePx: number;
}

/**
 * Middles of labels for handles at `handles`, in their order. The handle never moves: a label that has
 * no room beside its own goes up or down, and a line leads to it.
 */
export function placeLabels(handles: readonly number[], strip: LabelStrip): number[] {
  const half = strip.linePx / 2;
  const top = strip.topPx + half;
  const bottom = Math.max(top, strip.bottomPx - half);
  const order = handles
    .map((y, index) => ({ y: Math.min(bottom, Math.max(top, y)), raw: y, index }))
    .toSorted((one, other) => one.raw - other.raw || one.index - other.index);
  const placed = spread(
    order.map(({ y }) => y),
    strip.linePx,
    bottom,
  );
  const places = handles.map(() => 0);
  for (const [at, { index }] of order.entries()) places[index] = placed[at] ?? top;
  return places;
}
