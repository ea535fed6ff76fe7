/**
 * What happened in a stretch of a run, a row of numbers each: the form in which it is kept, counted
 * and handed on before it becomes a table or a trace. Nothing here is per slot.
 */
import type { GrowthFor } from './growth-log.ts';
import type { FailCause } from '../model/map-cursor.ts';

/** The fields of a row. Times are virtual ns. */
export const RECORD = {
  /** Index into `RECORD_KINDS`. */
  kind: 0,
  /** When it happened, or began. */
  timeNs: 1,
  /** The run's events handled by then. */
  event: 2,
  /** -1 in what is nobody's, as with the next four. */
  cpu: 3,
  device: 4,
  pool: 5,
  slot: 6,
  /** Slots, padding included; of an attempt to grow the slots got. */
  slots: 7,
  bytes: 8,
  /**
   * Of a map from the moment it was asked for until its data is copied; of an unmap how long the
   * mapping was held; of an attempt to grow what it took; of the end of a wait the time asleep; of
   * everything that lasts its length. -1: it goes on.
   */
  durationNs: 9,
  /** Number of the mapping, of the request, or of the attempt. */
  serial: 10,
  /** Index into the words of its kind: `FAIL_CAUSES`, `GROWERS`, `WAIT_ENDS`. */
  code: 11,
  /** Slots in use after it, of all allocators. */
  used: 12,
  /** Index into `DIRECTIONS`: of maps, failed maps and unmaps. */
  direction: 13,
} as const;
/** Numbers in a row. */
export const RECORD_FIELDS = 14;

/** Kinds that are events of the allocator: rows of the table of events. */
export const EVENT_KINDS = [
  'map',
  'unmap',
  'fail',
  'grow',
  'transient',
  'wait-begin',
  'wait-end',
] as const;
/** What a CPU does, for a trace. `make-pool` is the try for a transient pool inside a map. */
export const CPU_KINDS = [
  'search',
  'spin',
  'copy-in',
  'make-pool',
  'copy-back',
  'release',
] as const;
/**
 * All kinds. `request`: a device has a request, from its last map until it is done. `sleep`: a
 * request sleeps in the throttle. `counters` are what they are from then on: slots used, capacity,
 * transient slots, high-water mark and sleepers stand in `pool`, `slot`, `slots`, `bytes`, `serial`.
 */
export const RECORD_KINDS = [...EVENT_KINDS, ...CPU_KINDS, 'request', 'sleep', 'counters'] as const;
/** One of `RECORD_KINDS`. */
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Words for `direction`. */
export const DIRECTIONS = ['both ways', 'to device', 'from device', 'allocated'] as const;
/** Words for `code` of a failed map. */
export const FAIL_CAUSES = [
  'none',
  'too-large',
  'no-pool',
  'no-room',
  'fragmented',
  'out-of-reach',
] as const satisfies readonly FailCause[];
/** Words for `code` of an attempt to grow: whom it was for. */
export const GROWERS = [
  'worker',
  'transient',
  'request',
  'refill',
] as const satisfies readonly GrowthFor[];
/** Words for `code` of the end of a wait. */
export const WAIT_ENDS = ['let in', 'gave up', 'still asleep'] as const;

/** One row, whose fields are as in `RECORD`; what is left out is -1. */
export type RecordFields = { readonly [field in Exclude<keyof typeof RECORD, 'kind'>]?: number };

const FIRST_ROWS = 1024;

/** Rows as they come, in one array that grows by doubling. */
export class RunRecords {
  #rows = new Float64Array(FIRST_ROWS * RECORD_FIELDS);
  #count = 0;

  /** Rows so far. */
  get count(): number {
    return this.#count;
  }

  add(kind: RecordKind, fields: RecordFields): void {
    const at = this.#count * RECORD_FIELDS;
    if (at === this.#rows.length) {
      const longer = new Float64Array(this.#rows.length * 2);
      longer.set(this.#rows);
      this.#rows = longer;
    }
    this.#count++;
    const rows = this.#rows;
    rows.fill(-1, at, at + RECORD_FIELDS);
    rows[at + RECORD.kind] = RECORD_KINDS.indexOf(kind);
    for (const [name, value] of Object.entries(fields)) {
      rows[at + RECORD[name as keyof RecordFields]] = value;
    }
  }

  /** Field `field` (`RECORD`) of row `row`. */
  field(row: number, field: number): number {
    return this.#rows[row * RECORD_FIELDS + field] as number;
  }

  kind(row: number): RecordKind {
    return RECORD_KINDS[this.field(row, RECORD.kind)] as RecordKind;
  }
}
