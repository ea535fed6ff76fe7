import { TraceFault } from './fault.ts';
import { UNKNOWN, type EventColumns, type StepColumns } from './recording.ts';

/** Most area locks in one recording. With places below `SEQ_LIMIT`, a sort key fits a double. */
export const STEP_LIMIT = 2 ** 23;
/** Places in the total order are below this. */
export const SEQ_LIMIT = 2 ** 30;

const FIRST_CAPACITY = 1024;

/** An event as it is read; one object, filled again for each line. */
export class EventRow {
  kind = 0;
  line = 0;
  time = 0;
  device = 0;
  cpu = 0;
  pid = 0;
  size = 0;
  align = 0;
  direction = 0;
  quiet = 0;
  addr = -1;
  result = -1;
  slot = UNKNOWN;
}

/** A step as it is read; one object, filled again. */
export class StepRow {
  seq = 0;
  place = UNKNOWN;
  index = UNKNOWN;
  used = UNKNOWN;
  nslots = 0;
  poolBase = -1;
}

/** Collects events and their steps into columns that grow as needed. */
export class RecordingBuilder {
  count = 0;
  stepCount = 0;
  #events = eventColumns(FIRST_CAPACITY);
  #steps = stepColumns(FIRST_CAPACITY);

  /** Begins an event; the steps added next belong to it. */
  addEvent(row: EventRow): void {
    // One more than the rows, for the end of the last one's steps.
    if (this.count + 1 >= this.#events.kind.length) this.#growEvents();
    const to = this.#events;
    const at = this.count++;
    to.kind[at] = row.kind;
    to.line[at] = row.line;
    to.time[at] = row.time;
    to.device[at] = row.device;
    to.cpu[at] = row.cpu;
    to.pid[at] = row.pid;
    to.size[at] = row.size;
    to.align[at] = row.align;
    to.direction[at] = row.direction;
    to.quiet[at] = row.quiet;
    to.addr[at] = row.addr;
    to.result[at] = row.result;
    to.slot[at] = row.slot;
    to.stepStart[at] = this.stepCount;
  }

  /** @throws TraceFault when the recording has more steps than can be sorted. */
  addStep(step: StepRow): void {
    if (this.stepCount >= STEP_LIMIT) {
      throw new TraceFault(
        `The recording has more than ${STEP_LIMIT.toLocaleString('en')} area locks; at most that is read.`,
      );
    }
    if (this.stepCount >= this.#steps.seq.length) this.#growSteps();
    const to = this.#steps;
    const at = this.stepCount++;
    to.row[at] = this.count - 1;
    to.seq[at] = step.seq;
    to.place[at] = step.place;
    to.index[at] = step.index;
    to.used[at] = step.used;
    to.nslots[at] = step.nslots;
    to.poolBase[at] = step.poolBase;
  }

  /** Place in the total order of a step added before. */
  placeOf(step: number): number {
    return this.#steps.seq[step] ?? 0;
  }

  /** The columns, cut to length, and the steps in the order they happened. */
  finish(): { events: EventColumns; steps: StepColumns; order: Uint32Array } {
    const { count, stepCount } = this;
    this.#events.stepStart[count] = stepCount;
    const events = resized(this.#events, count);
    const stepStart = this.#events.stepStart.slice(0, count + 1);
    const steps = resized(this.#steps, stepCount);
    return { events: { ...events, stepStart }, steps, order: orderOf(steps.seq) };
  }

  #growEvents(): void {
    this.#events = resized(this.#events, Math.ceil(this.#events.kind.length * 1.5));
  }

  #growSteps(): void {
    this.#steps = resized(this.#steps, Math.ceil(this.#steps.seq.length * 1.5));
  }
}

/**
 * Indices of the steps, sorted by place and then by line. One number holds place and index, so that
 * the sort compares plain numbers; a recording is nearly sorted already.
 */
export function orderOf(seq: Uint32Array): Uint32Array {
  const keys = new Float64Array(seq.length);
  for (let step = 0; step < seq.length; step++) keys[step] = (seq[step] ?? 0) * STEP_LIMIT + step;
  keys.sort();
  return Uint32Array.from(keys, (key) => key % STEP_LIMIT);
}

function eventColumns(length: number): EventColumns {
  return {
    kind: new Uint8Array(length),
    line: new Uint32Array(length),
    time: new Float64Array(length),
    device: new Uint16Array(length),
    cpu: new Uint16Array(length),
    pid: new Uint32Array(length),
    size: new Uint32Array(length),
    align: new Uint32Array(length),
    direction: new Uint8Array(length),
    quiet: new Uint8Array(length),
    addr: new Float64Array(length),
    result: new Float64Array(length),
    slot: new Uint32Array(length),
    stepStart: new Uint32Array(length),
  };
}

function stepColumns(length: number): StepColumns {
  return {
    row: new Uint32Array(length),
    seq: new Uint32Array(length),
    place: new Uint32Array(length),
    index: new Uint32Array(length),
    used: new Uint32Array(length),
    nslots: new Uint16Array(length),
    poolBase: new Float64Array(length),
  };
}

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** The same columns with `length` entries each. */
export function resized<Columns extends object>(columns: Columns, length: number): Columns {
  const entries = Object.entries(columns as Record<string, Column>).map(([name, column]) => {
    const Kind = column.constructor as new (length: number) => Column;
    const copy = new Kind(length);
    copy.set(column.length > length ? column.subarray(0, length) : column);
    return [name, copy] as const;
  });
  return Object.fromEntries(entries) as Columns;
}
