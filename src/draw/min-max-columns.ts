/**
 * Many points on few pixel columns: each column keeps the lowest and the highest of its points, so
 * that no spike is lost however long the run.
 */

export interface Columns {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/**
 * The extremes of `count` points over `columns` columns. `low` and `high` are the points' own
 * extremes, the same array when a point is one value. Where there are more columns than points, a
 * point stands as a step: a line from one to the next would open a wedge between their extremes and
 * claim values that never were.
 *
 * @param across widths of a point that the columns span: less than `count` where the last point has
 *   only begun, and is drawn as far as it has come.
 */
export function minMaxColumns(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  count: number,
  columns: number,
  across = count,
): Columns {
  const lowest = new Float32Array(columns);
  const highest = new Float32Array(columns);
  if (count === 0) return { low: lowest, high: highest };
  for (let column = 0; column < columns; column++) {
    const from = Math.min(count - 1, Math.floor((column * across) / columns));
    const to = column === columns - 1 ? count : Math.floor(((column + 1) * across) / columns);
    let least = low[from] as number;
    let most = high[from] as number;
    for (let point = from + 1; point < to; point++) {
      const below = low[point] as number;
      const above = high[point] as number;
      if (below < least) least = below;
      if (above > most) most = above;
    }
    lowest[column] = least;
    highest[column] = most;
  }
  return { low: lowest, high: highest };
}

/** The largest of `count` values, 0 when there is none. */
export function highestOf(values: ArrayLike<number>, count: number): number {
  let most = 0;
  for (let index = 0; index < count; index++) most = Math.max(most, values[index] as number);
  return most;
}
