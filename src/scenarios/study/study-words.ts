/** How figures of a study are written, on the page and on the command line. */

const SLOTS_PER_MIB = 512;
const NS_PER_MS = 1e6;
const PERCENT = 100;

/** `+0.12%`, with a sign; `digits` behind the point. */
export function signedPercent(share: number, digits = 2): string {
  const text = (share * PERCENT).toFixed(digits);
  const isZero = Number(text) === 0;
  if (isZero) return `${(0).toFixed(digits)}%`;
  return share > 0 ? `+${text}%` : `${minus(text)}%`;
}

/** A figure as it was printed, with a true minus sign. */
export function minus(printed: string): string {
  return printed.replace('-', '−');
}

/** `0.12%`. */
export function percent(share: number, digits = 2): string {
  return `${(share * PERCENT).toFixed(digits)}%`;
}

/** `1.25 MiB` of slots, without needless zeros. */
export function mebibytes(slots: number): string {
  return `${String(Number((slots / SLOTS_PER_MIB).toFixed(2)))} MiB`;
}

/** `1.2 ms`. */
export function milliseconds(ns: number): string {
  return `${(ns / NS_PER_MS).toFixed(1)} ms`;
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
