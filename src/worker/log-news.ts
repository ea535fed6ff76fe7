/** What the page has been told of the kernel log: every line once, and all again when the run was moved. */
import type { KernelLog } from '../engine/kernel-log.ts';
import type { Report } from './protocol.ts';

/** As many lines are told again at most: the page keeps no more. */
const MOST_AGAIN = 400;

/** One per host. */
export class LogNews {
  #lines = 0;
  #suppressed = 0;
  /** The last line that was told. */
  #last = '';
  #isAnew = true;

  /** Nothing has been told of the run that begins. */
  begin(): void {
    this.#lines = 0;
    this.#suppressed = 0;
    this.#last = '';
    this.#isAnew = true;
  }

  /** The run stands elsewhere: some lines may have to come yet, others may be new. */
  moved(): void {
    this.#isAnew = true;
  }

  /** What is new since it was asked last, or null. */
  of(log: KernelLog, serial: number): Extract<Report, { kind: 'log' }> | null {
    const { count, suppressed } = log;
    const last = this.#isAnew ? lastOf(log) : this.#last;
    const isSame = count === this.#lines && suppressed === this.#suppressed;
    const anew = this.#isAnew && (!isSame || last !== this.#last);
    this.#isAnew = false;
    if (isSame && !anew) return null;
    const lines = log.since(anew ? count - MOST_AGAIN : this.#lines);
    this.#lines = count;
    this.#suppressed = suppressed;
    this.#last = lastOf(log);
    return { kind: 'log', serial, anew, lines, suppressed };
  }
}

/** The last line and where it was printed, in one word. */
function lastOf(log: KernelLog): string {
  const [line] = log.since(log.count - 1);
  return line === undefined ? '' : `${line.event} ${line.timeNs} ${line.text}`;
}
