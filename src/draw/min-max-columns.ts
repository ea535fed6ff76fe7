/**
 * Many points on few pixel columns: each column keeps the lowest and the highest of its points, so
 * that no spike is lost however long the run.
 */

export interface Columns {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** `count` values over more columns than there are, on straight lines from one to the next. */
function stretched(values: ArrayLike<number>, count: number, columns: number): Float32Array {
  return Float32Array.from({ length: columns }, (_, column) => {
    const at = Math.max(0, Math.min(count - 1, ((column + 0.5) * count) / columns - 0.5));
    const before = Math.floor(at);
    const value = values[before] as number;
    const next = values[Math.min(count - 1, before + 1)] as number;
    return value + (next - value) * (at - before);
  });
}

/**
 * The extremes of `count` points over `columns` columns. `low` and `high` are the points' own
 * extremes, the same array when a point is one value. More columns than points lie on the lines
 * between them.
 */
export function minMaxColumns(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  count: number,
  columns: number,
): Columns {
  if (count > 0 && columns > count) {
    return { low: stretched(low, count, columns), high: stretched(high, count, columns) };
  }
  const lowest = new Float32Array(columns);
  const highest = new Float32Array(columns);
  if (count === 0) return { low: lowest, high: highest };
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * count) / columns);
    const to = Math.floor(((column + 1) * count) / columns);
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
