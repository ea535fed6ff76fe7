/**
 * Scatter/gather lists in a recording of a kernel with throttling: entries are mapped from 0 on,
 * and unmapped from 1 on with entry 0 at the end, so that the semaphore, which only entry 0 can
 * hold, is given back when all the memory is free.
 *
 * Follows dma_direct_map_sg() and dma_direct_unmap_sg() of Linux 6.12 with the RFC of 22 August 2024.
 */
import { at } from '../model/array.ts';
import type { EventColumns } from './recording.ts';
import { parting, type Parting } from './replay-context.ts';
import { NO_LIST, type RowColumns } from './throttle-columns.ts';

/** A list being mapped, or one that failed. */
interface OpenList {
  readonly entries: number;
  /** The entry that comes next; of a list that failed, how many were tried. */
  readonly next: number;
}

/** Compares the order in which lists are mapped, undone and unmapped. */
export class ListReplay {
  readonly #rows: RowColumns;
  readonly #open = new Map<number, OpenList>();
  readonly #failed = new Map<number, OpenList>();
  /** Per list of unmaps: the list of maps that it undoes. */
  readonly #undone = new Map<number, number>();

  constructor(rows: RowColumns) {
    this.#rows = rows;
  }

  /** Map `row` is over; `failed` is the model's word. @returns what is wrong with its place. */
  mapped(row: number, failed: boolean): Parting | null {
    const list = at(this.#rows.list, row);
    if (list === NO_LIST) return null;
    const entry = at(this.#rows.entry, row);
    const entries = at(this.#rows.entries, row);
    const wanted = this.#open.get(list) ?? { entries, next: 0 };
    const next = entry + 1;
    this.#open.delete(list);
    if (failed) this.#failed.set(list, { entries, next });
    else if (next < entries) this.#open.set(list, { entries, next });
    if (wanted.next === entry && wanted.entries === entries) return null;
    return parting(entryText(entry, entries), entryText(wanted.next, wanted.entries));
  }

  /** The kernel gave a list up. @returns what is wrong with that. */
  gaveUp({ addr, size, align }: EventColumns, row: number): Parting | null {
    const list = at(addr, row);
    const failed = this.#failed.get(list);
    this.#failed.delete(list);
    const expected = failedText(at(align, row), at(size, row));
    const got = failed ? failedText(failed.next, failed.entries) : 'a list without a failure';
    return expected === got ? null : parting(expected, got);
  }

  /** Unmap `row` undoes map `mapRow`. @returns what is wrong with its place. */
  unmapped(row: number, mapRow: number): Parting | null {
    const { list, entry, entries } = this.#rows;
    const own = at(list, row);
    const mapped = at(list, mapRow);
    if (own === NO_LIST && mapped === NO_LIST) return null;
    if (own === NO_LIST) return parting('a buffer of no list', `an entry of list ${mapped}`);
    if (mapped === NO_LIST) return parting('an entry of a list', 'a buffer of no list');
    const before = at(entry, row);
    const count = at(entries, row);
    const home = this.#undone.get(own) ?? mapped;
    if (before + 1 < count) this.#undone.set(own, home);
    else this.#undone.delete(own);
    if (home !== mapped) return parting(`an entry of list ${mapped}`, `one of list ${home}`);
    const freed = at(entry, mapRow);
    const wanted = (before + 1) % count;
    return freed === wanted ? null : parting(`entry ${freed} unmapped`, `entry ${wanted} next`);
  }
}

function entryText(entry: number, entries: number): string {
  return `entry ${entry} of ${entries} mapped`;
}

function failedText(tried: number, entries: number): string {
  return `a list that failed at entry ${tried - 1} of ${entries}`;
}
