import type { FileReport } from './file-report.ts';

/**
 * Compares what the kernel did with what the model did, operation by operation, and keeps count.
 * Begin an operation, compare its parts, go on with the next: it counts once, however many of its
 * parts differ.
 */
export class Comparison {
  decisions = 0;
  differ = 0;
  first: string | null = null;
  readonly failures: string[] = [];
  #line = 0;
  #differed = false;

  /** Begins the operation on line `line`. */
  begin(line: number, isDecision: boolean): void {
    this.#line = line;
    this.#differed = false;
    if (isDecision) this.decisions++;
  }

  /** Compares one part of the operation; `what` names it. @returns whether they agree. */
  same(what: string, expected: unknown, got: unknown): boolean {
    if (Object.is(expected, got)) return true;
    this.difference(`${what} ${shown(expected)}`, shown(got));
    return false;
  }

  /** Notes a difference of the operation, in words. */
  difference(expected: string, got: string): void {
    if (this.#differed) return;
    this.#differed = true;
    this.differ++;
    this.first ??= `line ${this.#line}: expected ${expected}, got ${got}`;
  }

  /** Compares what is no operation (a counter, a hash); a difference fails the file by name. */
  check(what: string, expected: unknown, got: unknown): void {
    if (Object.is(expected, got)) return;
    this.failures.push(
      `line ${this.#line}: expected ${what} ${shown(expected)}, got ${shown(got)}`,
    );
  }

  /** The report, when everything was compared. */
  report(): FileReport {
    const { decisions, differ, first, failures } = this;
    return { decisions, differ, first, failures, remarks: [], adopted: null };
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === -1 ? 'none' : JSON.stringify(value);
}
