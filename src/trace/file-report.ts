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
}

/** Whether the file proves what it should. */
export function passed(report: FileReport): boolean {
  return report.differ === 0 && report.failures.length === 0;
}

/** Most sentences of one file that are printed. */
const FAILURES_SHOWN = 8;

/** The lines printed for one file. */
export function reportLines(name: string, report: FileReport): string[] {
  const { decisions, differ, first, failures, remarks, adopted } = report;
  const lines = [`${name}: ${decisions} decisions, ${differ} differ`];
  if (first !== null) lines.push(first);
  lines.push(...remarks);
  if (adopted !== null) lines.push(`${adopted} adopted`);
  lines.push(...failures.slice(0, FAILURES_SHOWN));
  const hidden = failures.length - FAILURES_SHOWN;
  if (hidden > 0) lines.push(`${hidden} more failures of this kind`);
  return lines;
}
