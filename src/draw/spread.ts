/** Room between labels whose places are too close. */

/** Pushes rising positions at least `step` apart, none of them below `lowest`. */
export function spread(ys: readonly number[], step: number, lowest: number): number[] {
  const placed: number[] = [];
  for (const y of ys) placed.push(Math.max(y, (placed.at(-1) ?? -Infinity) + step));
  let limit = lowest;
  for (let index = placed.length - 1; index >= 0; index--) {
    placed[index] = Math.min(placed[index] as number, limit);
    limit = (placed[index] as number) - step;
  }
  return placed;
}
