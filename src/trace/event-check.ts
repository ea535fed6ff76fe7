import { PAGE_BYTES, SEGMENT_BYTES } from '../model/geometry.ts';
import { addressOf, Fields } from './fields.ts';
import { quoted, TraceFault } from './fault.ts';
import type { CheckedHeader } from './header-check.ts';
import { CPU_LIMIT, SIZE_LIMIT, SLOT_LIMIT } from './header-check.ts';
import { EventRow, RecordingBuilder, SEQ_LIMIT, StepRow } from './recording-builder.ts';
import { EVENT, MAP_FAILED, MAP_UNFINISHED, UNKNOWN } from './recording.ts';
import { parseObject } from './read-lines.ts';

const PID_LIMIT = 2 ** 22;
const LOCKS_LIMIT = 2 ** 16;
const ATTRS_LIMIT = 2 ** 31 - 1;
/** Taken for a `min_align_mask` that is not recorded: the widest a driver sets. */
const MASK_LIMIT = 2 ** 16 - 1;
/** `DMA_ATTR_NO_WARN`. */
const NO_WARN = 0x100;
/** Pools alive at one time, beyond those in the header. */
const LIVE_POOLS_LIMIT = 2 ** 16;

/** Lines of later patches and of the recording's author; they decide nothing here. */
const UNREAD = new Set(['threshold', 'mark', 'sgfail']);

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
  #line = 0;
  /** Place of the map's lock before. */
  #lastSeq = -1;
  /** Pools and slots made and not yet freed, so that a file cannot ask for memory without end. */
  #livePools = 0;
  #liveSlots = 0;

  constructor(header: CheckedHeader) {
    this.#header = header;
    this.#liveSlots = header.header.pools.reduce((sum, pool) => sum + pool.nslabs, 0);
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
    else if (!UNREAD.has(op)) {
      throw fields.fault('op', 'map, unmap, kernel, threshold, mark or sgfail');
    }
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
      row.time = this.#lockNumber('locks', last, 1, 1e12);
      this.builder.addEvent(row);
      for (const lock of locks) this.#mapStep(lock);
      return;
    }
    if (this.#mustHaveSearched(row)) this.unlockedMaps++;
    const atReturn = this.#header.header.order === 'return' && fields.present('seqret');
    if (atReturn) row.time = fields.present('tret') ? fields.seconds('tret') : row.time;
    this.#plainStep(fields.whole(atReturn ? 'seqret' : 'seq', 0, SEQ_LIMIT - 1), -1);
  }

  /** A map that is over has searched, unless a dynamic build refused its size before. */
  #mustHaveSearched({ result, device, size }: EventRow): boolean {
    const { header, devices } = this.#header;
    if (result === MAP_UNFINISHED) return false;
    const kept = devices[device]?.minAlignMask ?? MASK_LIMIT;
    return !(header.dynamic && result === MAP_FAILED && size + kept > SEGMENT_BYTES);
  }

  #mapStep(lock: unknown): void {
    const step = this.#step;
    step.seq = this.#lockWhole('locks', lock, 0, SEQ_LIMIT - 1);
    if (step.seq <= this.#lastSeq) {
      throw this.#lockFault('locks', 0, step.seq, `more than ${this.#lastSeq} of the lock before`);
    }
    this.#lastSeq = step.seq;
    step.place = this.#lockWhole('locks', lock, 2, LOCKS_LIMIT);
    step.index = this.#lockWhole('locks', lock, 3, SLOT_LIMIT);
    step.used = this.#lockWhole('locks', lock, 4, SLOT_LIMIT);
    step.nslots = 0;
    step.poolBase = this.#lockPool('locks', lock, 5);
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
      this.#plainStep(fields.whole(name, 0, SEQ_LIMIT - 1), base);
      return;
    }
    this.locked++;
    const lock = fields.list('lock', 7);
    row.time = this.#lockNumber('lock', lock, 1, 1e12);
    this.builder.addEvent(row);
    const step = this.#step;
    step.seq = this.#lockWhole('lock', lock, 0, SEQ_LIMIT - 1);
    step.place = this.#lockWhole('lock', lock, 2, SLOT_LIMIT - 1);
    step.nslots = this.#lockWhole('lock', lock, 3, 2 ** 16 - 1);
    step.index = this.#lockWhole('lock', lock, 4, SLOT_LIMIT);
    step.used = this.#lockWhole('lock', lock, 5, SLOT_LIMIT);
    step.poolBase = this.#lockPool('lock', lock, 6);
    this.builder.addStep(step);
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

  #poolEvent(fields: Fields, kind: number): void {
    const row = this.#row;
    row.kind = kind;
    this.#common(fields, row);
    row.device = 0;
    row.direction = 0;
    row.quiet = 0;
    const hasBase = fields.present('pbase');
    row.addr = hasBase ? fields.address('pbase') : -1;
    if (hasBase && row.addr % PAGE_BYTES !== 0)
      throw fields.fault('pbase', 'a page-aligned address');
    row.size = fields.wholeOr(fields.present('pslabs') ? 'pslabs' : 'nslabs', 1, SLOT_LIMIT, 0);
    row.align = fields.wholeOr(fields.present('pareas') ? 'pareas' : 'nareas', 1, LOCKS_LIMIT, 0);
    row.result = -1;
    row.slot = UNKNOWN;
    this.#countPools(kind, hasBase ? row.size : 0);
    this.#plainStep(fields.whole('seq', 0, SEQ_LIMIT - 1), -1);
  }

  #countPools(kind: number, slots: number): void {
    if (slots === 0 || (kind !== EVENT.poolAnswer && kind !== EVENT.poolFreed)) return;
    const sign = kind === EVENT.poolAnswer ? 1 : -1;
    this.#livePools += sign;
    this.#liveSlots += sign * slots;
    if (this.#livePools > LIVE_POOLS_LIMIT || this.#liveSlots > SLOT_LIMIT) {
      throw new TraceFault(
        `Line ${this.#line}: ${this.#livePools} grown pools with ${this.#liveSlots} slots live at once, at most ${LIVE_POOLS_LIMIT} with ${SLOT_LIMIT} are replayed.`,
      );
    }
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

  #lockPool(name: string, lock: unknown, at: number): number {
    const value = Array.isArray(lock) ? (lock[at] as unknown) : undefined;
    if (value === undefined) return -1;
    const base = addressOf(value);
    if (base === -1) throw this.#lockFault(name, at, value, 'an address in hex below 2^52');
    return base;
  }

  #lockWhole(name: string, lock: unknown, at: number, max: number): number {
    const value = this.#lockNumber(name, lock, at, max);
    if (!Number.isInteger(value)) throw this.#lockFault(name, at, value, 'a whole number');
    return value;
  }

  #lockNumber(name: string, lock: unknown, at: number, max: number): number {
    const value = Array.isArray(lock) ? (lock[at] as unknown) : undefined;
    if (typeof value === 'number' && value >= 0 && value <= max) return value;
    throw this.#lockFault(name, at, value, `a number from 0 to ${max}`);
  }

  #lockFault(name: string, at: number, value: unknown, expected: string): TraceFault {
    return new TraceFault(
      `Line ${this.#line}: entry ${at} of a lock in ${name} is ${quoted(value)}, expected ${expected}.`,
    );
  }
}

function resultOf(fields: Fields): number {
  if (!fields.has('ret')) return MAP_UNFINISHED;
  return fields.isNull('ret') ? MAP_FAILED : fields.address('ret');
}
