import { PAGE_BYTES, SEGMENT_BYTES } from '../model/geometry.ts';
import { Fields } from './fields.ts';
import type { CheckedHeader } from './header-check.ts';
import { CPU_LIMIT, PID_LIMIT, SIZE_LIMIT, SLOT_LIMIT } from './header-check.ts';
import { LivePools } from './live-pools.ts';
import { EventRow, RecordingBuilder, SEQ_LIMIT, StepRow } from './recording-builder.ts';
import { EVENT, MAP_FAILED, MAP_UNFINISHED, THRESHOLD, UNKNOWN } from './recording.ts';
import { parseObject } from './read-lines.ts';
import { StepFields } from './step-fields.ts';
import { THRESHOLD_LIMIT } from './throttle-columns.ts';
import { ThrottleLines } from './throttle-lines.ts';

const LOCKS_LIMIT = 2 ** 16;
const ATTRS_LIMIT = 2 ** 31 - 1;
/** Taken for a `min_align_mask` that is not recorded: the widest a driver sets. */
const MASK_LIMIT = 2 ** 16 - 1;
/** `DMA_ATTR_NO_WARN`. */
const NO_WARN = 0x100;

/** Lines of a throttled kernel and of the recording's author; elsewhere they decide nothing. */
const OTHERS = new Set(['threshold', 'mark', 'sgfail']);
const MARK_CHARS = 200;
const ERRNO_LIMIT = 4095;

/** Reads event lines into a builder, field by field. */
export class EventChecker {
  readonly builder = new RecordingBuilder();
  /** Lines read: all of them, maps with a result, maps, unmaps. */
  lines = 0;
  decisions = 0;
  maps = 0;
  unmaps = 0;
  /** Events with a recorded lock, and those that must have taken one that is not recorded. */
  locked = 0;
  unlockedMaps = 0;
  unlockedUnmaps = 0;
  readonly #header: CheckedHeader;
  readonly #fields = new Fields();
  readonly #row = new EventRow();
  readonly #step = new StepRow();
  readonly #lock = new StepFields();
  /** What lines say of the throttle; null in a recording of a kernel without one. */
  readonly throttle: ThrottleLines | null;
  #line = 0;
  /** Place of the map's lock before. */
  #lastSeq = -1;
  readonly #pools: LivePools;

  constructor(header: CheckedHeader) {
    this.#header = header;
    this.throttle = header.throttle === null ? null : new ThrottleLines();
    this.#pools = new LivePools(header.header.pools.reduce((sum, pool) => sum + pool.nslabs, 0));
  }

  /** Reads one line. @throws TraceFault for the first thing that is not what it must be. */
  read(text: string, line: number): void {
    const values = parseObject(text, line);
    const fields = this.#fields.aim(values, line);
    const op = fields.text('op', 40);
    this.lines++;
    this.#line = line;
    if (op === 'map') this.#map(fields);
    else if (op === 'unmap') this.#unmap(fields);
    else if (op === 'kernel') this.#kernel(fields);
    else if (!OTHERS.has(op)) {
      throw fields.fault('op', 'map, unmap, kernel, threshold, mark or sgfail');
    } else if (this.throttle !== null) this.#other(op, fields);
  }

  /** A line that only a kernel with throttling writes. */
  #other(op: string, fields: Fields): void {
    const seq = fields.whole('seq', 0, SEQ_LIMIT - 1);
    if (op === 'mark') {
      // A word of whoever recorded it: nothing follows from it.
      fields.text('text', MARK_CHARS);
      return;
    }
    const row = this.#rowWithout(fields, op === 'sgfail' ? EVENT.listFailed : EVENT.threshold);
    if (op === 'sgfail') {
      row.addr = fields.whole('sg', 0, 2 ** 32 - 1);
      row.size = fields.whole('nents', 1, SIZE_LIMIT);
      row.align = fields.whole('mapped', 1, row.size);
      row.result = fields.wholeOr('ret', -ERRNO_LIMIT, 0, 0);
    } else {
      row.size = this.#threshold(fields);
      row.result = fields.whole('value', 0, THRESHOLD_LIMIT);
    }
    this.#plainStep(seq, -1);
  }

  #threshold(fields: Fields): number {
    const which = fields.text('which', 10);
    if (which !== 'high' && which !== 'low') throw fields.fault('which', 'high or low');
    return THRESHOLD[which];
  }

  #map(fields: Fields): void {
    this.maps++;
    const row = this.#begin(fields, EVENT.map);
    row.cpu = fields.wholeOr('cpu_lock', 0, CPU_LIMIT, row.cpu);
    row.size = fields.whole('size', 1, SIZE_LIMIT);
    row.align = fields.present('align') ? fields.lowMask('align') : 0;
    row.addr = fields.address('orig');
    row.result = resultOf(fields);
    row.slot = fields.wholeOr('slot', 0, SLOT_LIMIT - 1, UNKNOWN);
    if (row.result !== MAP_UNFINISHED) this.decisions++;
    const locks = fields.present('locks') ? fields.list('locks', LOCKS_LIMIT) : [];
    const last = locks.at(-1);
    if (last !== undefined) {
      this.locked++;
      this.#lastSeq = -1;
      row.time = this.#lock.aim('a lock in locks', last, this.#line).number(1, 1e12);
      const firstStep = this.builder.stepCount;
      this.builder.addEvent(row);
      for (const lock of locks) this.#mapStep(lock);
      this.#readThrottle('map', fields, this.builder.placeOf(firstStep), true);
      return;
    }
    this.#mapWithoutLock(fields, row);
  }

  #mapWithoutLock(fields: Fields, row: EventRow): void {
    if (this.#mustHaveSearched(row)) this.unlockedMaps++;
    const atReturn = this.#header.header.order === 'return' && fields.present('seqret');
    if (atReturn) row.time = fields.present('tret') ? fields.seconds('tret') : row.time;
    const named = fields.whole(atReturn ? 'seqret' : 'seq', 0, SEQ_LIMIT - 1);
    const place = this.throttle?.placeWithoutLock(fields, named) ?? named;
    this.#plainStep(place, -1);
    this.#readThrottle('map', fields, place, false);
  }

  /** What the line of the event just added says of the throttle, in a kernel that has one. */
  #readThrottle(kind: 'map' | 'unmap', fields: Fields, first: number, isLocked: boolean): void {
    const { builder, throttle } = this;
    if (throttle === null) return;
    const last = builder.placeOf(builder.stepCount - 1);
    throttle[kind](fields, { row: builder.count - 1, first, last, isLocked }, this.#line);
  }

  /** A map that is over has searched, unless a dynamic build refused its size before. */
  #mustHaveSearched({ result, device, size }: EventRow): boolean {
    const { header, devices } = this.#header;
    if (result === MAP_UNFINISHED) return false;
    const kept = devices[device]?.minAlignMask ?? MASK_LIMIT;
    return !(header.dynamic && result === MAP_FAILED && size + kept > SEGMENT_BYTES);
  }

  #mapStep(written: unknown): void {
    const step = this.#step;
    const lock = this.#lock.aim('a lock in locks', written, this.#line);
    step.seq = lock.placeBehind(this.#lastSeq, SEQ_LIMIT - 1);
    this.#lastSeq = step.seq;
    step.place = lock.whole(2, LOCKS_LIMIT);
    step.index = lock.whole(3, SLOT_LIMIT);
    step.used = lock.whole(4, SLOT_LIMIT);
    step.nslots = 0;
    step.poolBase = lock.pool(5);
    this.builder.addStep(step);
  }

  #unmap(fields: Fields): void {
    this.unmaps++;
    const row = this.#begin(fields, EVENT.unmap);
    row.size = fields.whole('size', 0, SIZE_LIMIT);
    row.addr = fields.address('tlb');
    row.slot = fields.wholeOr('slot', 0, SLOT_LIMIT - 1, UNKNOWN);
    if (!fields.present('lock')) {
      if (!fields.says('transient') && !fields.present('seqtransient')) this.unlockedUnmaps++;
      const base = fields.present('pool') ? fields.address('pool') : -1;
      const name = fields.present('seqtransient') ? 'seqtransient' : 'seq';
      const place = fields.whole(name, 0, SEQ_LIMIT - 1);
      this.#plainStep(place, base);
      this.#readThrottle('unmap', fields, place, fields.present('seqtransient'));
      return;
    }
    this.locked++;
    const lock = this.#lock.aim('a lock in lock', fields.list('lock', 7), this.#line);
    row.time = lock.number(1, 1e12);
    this.builder.addEvent(row);
    const step = this.#step;
    step.seq = lock.whole(0, SEQ_LIMIT - 1);
    step.place = lock.whole(2, SLOT_LIMIT - 1);
    step.nslots = lock.whole(3, 2 ** 16 - 1);
    step.index = lock.whole(4, SLOT_LIMIT);
    step.used = lock.whole(5, SLOT_LIMIT);
    step.poolBase = lock.pool(6);
    this.builder.addStep(step);
    this.#readThrottle('unmap', fields, step.seq, true);
  }

  #kernel(fields: Fields): void {
    switch (fields.text('event', 40)) {
      case 'sync_cpu':
      case 'sync_dev':
        return this.#sync(fields);
      case 'dyn_alloc':
        return this.#poolEvent(fields, EVENT.workerRuns);
      case 'pool_alloc':
        return this.#poolEvent(fields, EVENT.poolWanted);
      case 'pool_alloc_ret':
        return this.#poolEvent(fields, EVENT.poolAnswer);
      case 'pool_added':
        return this.#poolEvent(fields, EVENT.poolAdded);
      case 'pool_free':
        return this.#poolEvent(fields, EVENT.poolFreed);
      default:
    }
  }

  #sync(fields: Fields): void {
    const row = this.#row;
    row.kind = EVENT.sync;
    this.#common(fields, row);
    // Kernel events name the device by the kernel's pointer; one the header lacks is no loss.
    const device = this.#header.deviceByPointer.get(fields.textOr('dev', 40, ''));
    if (device === undefined) return;
    row.device = device;
    row.direction = fields.wholeOr('dir', 0, 3, 0);
    row.quiet = 0;
    row.size = fields.whole('size', 0, SIZE_LIMIT);
    row.align = 0;
    row.addr = fields.address('tlb');
    row.result = -1;
    row.slot = UNKNOWN;
    this.#plainStep(fields.whole('seq', 0, SEQ_LIMIT - 1), -1);
  }

  /** A row for an event of no device. */
  #rowWithout(fields: Fields, kind: number): EventRow {
    const row = this.#row;
    row.kind = kind;
    this.#common(fields, row);
    row.device = 0;
    row.direction = 0;
    row.quiet = 0;
    row.slot = UNKNOWN;
    return row;
  }

  #poolEvent(fields: Fields, kind: number): void {
    const row = this.#rowWithout(fields, kind);
    const hasBase = fields.present('pbase');
    row.addr = hasBase ? fields.address('pbase') : -1;
    if (hasBase && row.addr % PAGE_BYTES !== 0)
      throw fields.fault('pbase', 'a page-aligned address');
    row.size = fields.wholeOr(fields.present('pslabs') ? 'pslabs' : 'nslabs', 1, SLOT_LIMIT, 0);
    row.align = fields.wholeOr(fields.present('pareas') ? 'pareas' : 'nareas', 1, LOCKS_LIMIT, 0);
    row.result = -1;
    if (hasBase) this.#pools.count(kind, row.size, this.#line);
    this.#plainStep(fields.whole('seq', 0, SEQ_LIMIT - 1), -1);
  }

  #begin(fields: Fields, kind: number): EventRow {
    const row = this.#row;
    row.kind = kind;
    this.#common(fields, row);
    const device = this.#header.deviceById.get(fields.whole('dev', 0, 2 ** 31));
    if (device === undefined) throw fields.fault('dev', 'a device of the header');
    row.device = device;
    row.direction = fields.wholeOr('dir', 0, 3, 0);
    row.quiet = Number((fields.wholeOr('attrs', 0, ATTRS_LIMIT, 0) & NO_WARN) !== 0);
    row.align = 0;
    row.result = -1;
    return row;
  }

  #common(fields: Fields, row: EventRow): void {
    row.line = this.#line;
    row.time = fields.seconds('t');
    row.cpu = fields.wholeOr('cpu', 0, CPU_LIMIT, 0);
    row.pid = fields.wholeOr('pid', 0, PID_LIMIT, 0);
  }

  /** Ends an event that took no recorded lock. */
  #plainStep(seq: number, poolBase: number): void {
    this.builder.addEvent(this.#row);
    const step = this.#step;
    step.seq = seq;
    step.place = UNKNOWN;
    step.index = UNKNOWN;
    step.used = UNKNOWN;
    step.nslots = 0;
    step.poolBase = poolBase;
    this.builder.addStep(step);
  }
}

function resultOf(fields: Fields): number {
  if (!fields.has('ret')) return MAP_UNFINISHED;
  return fields.isNull('ret') ? MAP_FAILED : fields.address('ret');
}
