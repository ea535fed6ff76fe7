import { orderOf, resized, STEP_LIMIT } from './recording-builder.ts';
import { TraceFault } from './fault.ts';
import {
  NO_LIST,
  type DecisionColumns,
  type MomentColumns,
  type RowColumns,
  type ThrottleHeader,
  type ThrottleRecord,
} from './throttle-columns.ts';

const FIRST_CAPACITY = 1024;

/** A decision as it is read; one object, filled again for each. */
export class DecisionRow {
  used = 0;
  why = 0;
  semCount = 0;
  high = 0;
  low = 0;
  cpu = 0;
}

/** Collects what lines say of the throttle into columns that grow as needed. */
export class ThrottleBuilder {
  momentCount = 0;
  decisionCount = 0;
  #moments = momentColumns(FIRST_CAPACITY);
  #decisions = decisionColumns(FIRST_CAPACITY);
  #rows = rowColumns(FIRST_CAPACITY);

  /** Adds a step of event `row`. @throws TraceFault when there are more than can be sorted. */
  addMoment(row: number, kind: number, seq: number, time: number, value: number): void {
    if (this.momentCount >= STEP_LIMIT) {
      throw new TraceFault(
        `The recording has more than ${STEP_LIMIT.toLocaleString('en')} steps of the throttle; at most that is read.`,
      );
    }
    if (this.momentCount >= this.#moments.seq.length) {
      this.#moments = resized(this.#moments, grown(this.momentCount));
    }
    const at = this.momentCount++;
    this.#moments.row[at] = row;
    this.#moments.kind[at] = kind;
    this.#moments.seq[at] = seq;
    this.#moments.time[at] = time;
    this.#moments.value[at] = value;
  }

  /** Adds a decision. @returns its row. */
  addDecision(decision: DecisionRow): number {
    if (this.decisionCount >= this.#decisions.used.length) {
      this.#decisions = resized(this.#decisions, grown(this.decisionCount));
    }
    const at = this.decisionCount++;
    this.#decisions.used[at] = decision.used;
    this.#decisions.why[at] = decision.why;
    this.#decisions.semCount[at] = decision.semCount;
    this.#decisions.high[at] = decision.high;
    this.#decisions.low[at] = decision.low;
    this.#decisions.cpu[at] = decision.cpu;
    return at;
  }

  /** Notes what the line of event `row` says of it; `flags` are `FLAG` bits. */
  setFlags(row: number, flags: number): void {
    this.#holdRow(row);
    this.#rows.flags[row] = flags;
  }

  /** Notes what event `row` changed the use to. */
  setTotal(row: number, slots: number): void {
    this.#holdRow(row);
    this.#rows.total[row] = slots;
  }

  /** Notes that event `row` is one entry of a list. */
  setList(row: number, list: number, entry: number, entries: number): void {
    this.#holdRow(row);
    // One more than the number, so that untouched rows are in no list.
    this.#rows.list[row] = list + 1;
    this.#rows.entry[row] = entry;
    this.#rows.entries[row] = entries;
  }

  /** The columns, cut to length, `events` rows for the events. */
  finish(header: ThrottleHeader, events: number): ThrottleRecord {
    const moments = resized(this.#moments, this.momentCount);
    const rows = resized(this.#rows, events);
    return {
      header,
      moments,
      order: orderOf(moments.seq),
      decisions: resized(this.#decisions, this.decisionCount),
      rows: { ...rows, list: rows.list.map((plusOne) => (plusOne === 0 ? NO_LIST : plusOne - 1)) },
    };
  }

  #holdRow(row: number): void {
    if (row >= this.#rows.flags.length) this.#rows = resized(this.#rows, grown(row));
  }
}

function grown(length: number): number {
  return Math.ceil((length + 1) * 1.5);
}

function momentColumns(length: number): MomentColumns {
  return {
    row: new Uint32Array(length),
    seq: new Uint32Array(length),
    kind: new Uint8Array(length),
    time: new Float64Array(length),
    value: new Float64Array(length),
  };
}

function decisionColumns(length: number): DecisionColumns {
  return {
    used: new Uint32Array(length),
    why: new Uint8Array(length),
    semCount: new Int32Array(length),
    high: new Float64Array(length),
    low: new Float64Array(length),
    cpu: new Uint16Array(length),
  };
}

function rowColumns(length: number): RowColumns {
  return {
    flags: new Uint8Array(length),
    total: new Uint32Array(length),
    list: new Uint32Array(length),
    entry: new Uint32Array(length),
    entries: new Uint32Array(length),
  };
}
