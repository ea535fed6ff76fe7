/**
 * The use of slots as the kernel counts it, `total_used`. It is one atomic counter beside the area
 * locks: a map or unmap changes it a moment after its lock, and the recorder notes the value that
 * the change came to a moment after that, or a long one when an interrupt steps in between.
 *
 * Notes may thus stand in another order than the changes. What a change came to tells where it
 * stood: it must follow from the use before it, where changes that are under way may have come first.
 */
import { at } from '../model/array.ts';
import { parting, type Parting } from './replay-context.ts';
import type { RowColumns } from './throttle-columns.ts';

/** Most changes under way that are tried out: more than CPUs and interrupts make. */
const LOOKED_AT = 32;

export class UseReplay {
  /** Slots in use, as far as changes are noted. */
  slots: number;
  readonly #rows: RowColumns;
  /** In a recording with gaps: the counter is taken as recorded. */
  readonly #follows: boolean;
  /** Changes under way: slots by row of the event. */
  readonly #pending = new Map<number, number>();
  /** Those that were counted before their note. */
  readonly #counted = new Set<number>();

  constructor(rows: RowColumns, slots: number, follows: boolean) {
    this.#rows = rows;
    this.slots = slots;
    this.#follows = follows;
  }

  /** Event `row` changes the use by `slots`; its note comes later. */
  begin(row: number, slots: number): void {
    this.#pending.set(row, slots);
  }

  /** Event `row` changes the use by `slots`, and nothing is noted. */
  change(slots: number): void {
    this.slots += slots;
  }

  /** The note of event `row`. @returns how it differs from what the use must have come to. */
  note(row: number): Parting | null {
    const recorded = at(this.#rows.total, row);
    if (this.#counted.delete(row)) return null;
    const slots = this.#pending.get(row) ?? 0;
    this.#pending.delete(row);
    const isExplained = this.#follows || this.#comeTo(recorded - slots);
    this.slots = isExplained ? recorded : this.slots + slots;
    return isExplained ? null : parting(`${recorded} slots in use`, `${this.slots}`);
  }

  /** Whether the use is `wanted`, or comes to it by changes under way; those are counted then. */
  #comeTo(wanted: number): boolean {
    const first: number[] = [];
    let use = this.slots;
    while (use !== wanted) {
      const next = this.#following(use, first);
      if (next === -1) return false;
      first.push(next);
      use = at(this.#rows.total, next);
    }
    for (const row of first) {
      this.#pending.delete(row);
      this.#counted.add(row);
    }
    return true;
  }

  /** A change under way that came to what it noted from a use of `use`, or -1. */
  #following(use: number, except: readonly number[]): number {
    let looks = 0;
    for (const [row, slots] of this.#pending) {
      if (looks++ >= LOOKED_AT) break;
      if (use + slots === at(this.#rows.total, row) && !except.includes(row)) return row;
    }
    return -1;
  }
}
