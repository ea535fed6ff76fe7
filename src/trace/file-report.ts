/** A share of predictions that has to be right; for files that show only part of what decided. */
export interface Rate {
  /** What is predicted. */
  readonly what: string;
  readonly right: number;
  readonly of: number;
  /** Least share, from 0 to 1. */
  readonly least: number;
}

/** What the replay of one file came to. */
export interface FileReport {
  /** Maps, page allocations, worker runs and boot cases that the kernel decided. */
  readonly decisions: number;
  /** Operations with any difference. */
  readonly differ: number;
  /** The first of them, as `line L: expected …, got …`. */
  readonly first: string | null;
  /** What else fails the file: counters, hashes, end tables, gaps; a sentence each. */
  readonly failures: readonly string[];
  /** What was inferred; harmless. */
  readonly remarks: readonly string[];
  /** Slots taken over from the kernel; null for a file that needed none. */
  readonly adopted: number | null;
  /** Where there are rates, they decide in place of the count of differences. */
  readonly rates?: readonly Rate[];
}

/** Whether the file proves what it should. */
export function passed(report: FileReport): boolean {
  if (report.failures.length > 0) return false;
  return report.rates === undefined ? report.differ === 0 : report.rates.every(isMet);
}

function isMet({ right, of, least }: Rate): boolean {
  return right >= of * least;
}

/** Most sentences of one file that are printed. */
const FAILURES_SHOWN = 8;

/** The lines printed for one file. */
export function reportLines(name: string, report: FileReport): string[] {
  const { decisions, differ, first, failures, remarks, adopted, rates = [] } = report;
  const lines = [`${name}: ${decisions} decisions, ${differ} differ`];
  if (first !== null) lines.push(first);
  lines.push(...rates.map(rateLine), ...remarks);
  if (adopted !== null) lines.push(`${adopted} adopted`);
  lines.push(...failures.slice(0, FAILURES_SHOWN));
  const hidden = failures.length - FAILURES_SHOWN;
  if (hidden > 0) lines.push(`${hidden} more failures of this kind`);
  return lines;
}

function rateLine({ what, right, of, least }: Rate): string {
  const share = of === 0 ? '' : ` (${percent(right / of)} %)`;
  return `${what}: ${right} of ${of} predicted${share}, at least ${percent(least)} % needed`;
}

function percent(share: number): string {
  return String(Math.floor(share * 10_000) / 100);
}
