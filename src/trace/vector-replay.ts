/**
 * Replays a `swiotlb-trace/1` file: operations with the kernel's answer to each, the page
 * allocator's answers included. The file's legend names the fields of every line.
 */
import type { DmaDevice } from '../model/device.ts';
import type { Pool, SearchKind } from '../model/pool.ts';
import { bounceOf, syncCopies, type Bounce } from '../model/sync.ts';
import { FAILED } from '../model/units.ts';
import { Comparison } from './comparison.ts';
import { quoted, TraceFault } from './fault.ts';
import type { FileReport } from './file-report.ts';
import type { Fields } from './fields.ts';
import { compareLists, comparePoolState } from './pool-state.ts';
import { parseJson } from './read-lines.ts';
import { bootVectorMachine, type VectorMachine } from './vector-machine.ts';

/** What stands at a line's end besides numbers. */
interface Extra {
  readonly ev?: readonly (readonly unknown[])[];
  readonly kick?: number;
  readonly T?: readonly number[];
  readonly gone?: number;
  readonly once?: number;
}

const NO_EXTRA: Extra = {};
/** Alignments above a page are warned about once (`alloc_align_mask > ~PAGE_MASK`). */
const PAGE_MASK = 4095;
const NONE = -1;
const NOTHING_PENDING = -2;

export class VectorReplay {
  readonly #compare = new Comparison();
  readonly #machine: VectorMachine;
  /** Per map id: the address given (or FAILED) and whose it is. */
  readonly #addresses: number[] = [];
  readonly #owners: DmaDevice[] = [];
  #line = 1;
  #op: readonly unknown[] = [];
  #extra = NO_EXTRA;
  /** Number the kernel gives to the next pool. */
  #nextPool = 0;

  /** Boots the machine of the header. @throws TraceFault when a field is not what it must be. */
  constructor(header: Fields, search: SearchKind = 'fast') {
    this.#compare.begin(1, false);
    this.#machine = bootVectorMachine(header, search, this.#compare);
    this.#nextPool = this.#machine.swiotlb.pools.length;
  }

  /** Replays one line. @throws TraceFault when it is not an operation. */
  read(text: string, line: number): void {
    const op = parseJson(text, line);
    if (!Array.isArray(op)) throw new TraceFault(`Line ${line} is not a list in brackets.`);
    const last: unknown = op.at(-1);
    const hasExtra = typeof last === 'object' && last !== null && !Array.isArray(last);
    this.#line = line;
    this.#op = op;
    this.#extra = hasExtra ? last : NO_EXTRA;
    this.#machine.pages.load(this.#extra.ev ?? []);
    this.#replay(String(op[0]));
    this.#machine.pages.settle();
    const { mismatch } = this.#machine.pages;
    if (mismatch !== null) this.#compare.difference(mismatch.expected, mismatch.got);
  }

  report(): FileReport {
    return this.#compare.report();
  }

  #replay(kind: string): void {
    const isDecision = kind === 'm' || kind === 'M' || kind === 'A' || kind === 'w';
    this.#compare.begin(this.#line, isDecision);
    switch (kind) {
      case 'm':
        return this.#map(5, this.#number(5));
      case 'M':
        return this.#map(4, 0);
      case 'A':
        return this.#allocPages();
      case 'u':
      case 'F':
        return this.#unmap();
      case 'w':
        return this.#worker();
      default:
        return this.#replayOther(kind);
    }
  }

  #replayOther(kind: string): void {
    switch (kind) {
      case 'c':
        return this.#counters();
      case 'd':
        return this.#hashes();
      case 'D':
        return this.#lists();
      case 's':
        return this.#sync();
      case 'h':
        return this.#resetHiwater();
      case 'x':
        return this.#findPool();
      case 'p':
      case 'R':
        // They steer the page allocator, whose answers are recorded.
        return undefined;
      default:
        throw new TraceFault(
          `Line ${this.#line} begins with ${quoted(kind)}, which is no operation.`,
        );
    }
  }

  /** `m` and `M`; the answer begins behind entry `lastInput`. */
  #map(lastInput: number, allocAlignMask: number): void {
    const { swiotlb } = this.#machine;
    const device = this.#device();
    const [cpu, orig, size] = [this.#number(2), this.#number(3), this.#number(4)];
    const isPlain = lastInput === 5;
    const tlb = isPlain
      ? swiotlb.tblMapSingle(device, cpu, orig, size, allocAlignMask)
      : swiotlb.map(device, cpu, orig, size);
    const { outcome } = swiotlb;
    this.#remember(device, tlb);
    this.#compareTransient();
    this.#comparePlace(lastInput + 1, tlb, true);
    const compare = this.#compare;
    compare.same('growth worker queued', this.#extra.kick === 1, outcome.kicked);
    const warned = isPlain ? allocAlignMask > PAGE_MASK : outcome.cause === 'out-of-reach';
    compare.same('one-time warnings', this.#extra.once ?? 0, warned ? 1 : 0);
  }

  #allocPages(): void {
    const { swiotlb } = this.#machine;
    const device = this.#device();
    const tlb = swiotlb.allocPages(device, this.#number(2), this.#number(3));
    this.#remember(device, tlb);
    this.#comparePlace(4, tlb, false);
  }

  #remember(device: DmaDevice, tlb: number): void {
    this.#owners.push(device);
    this.#addresses.push(tlb);
  }

  /** Address, pool, slot, slots and (for maps) padding, from entry `at` on. */
  #comparePlace(at: number, tlb: number, hasPadding: boolean): void {
    const compare = this.#compare;
    const { outcome } = this.#machine.swiotlb;
    if (!compare.same('address', this.#number(at), tlb) || tlb === FAILED) return;
    compare.same('pool', this.#number(at + 1), this.#numberOf(outcome.pool));
    compare.same('slot', this.#number(at + 2), outcome.slot);
    compare.same('slots taken', this.#number(at + 3), outcome.nslots);
    if (hasPadding) compare.same('padding slots', this.#number(at + 4), outcome.padSlots);
  }

  #compareTransient(): void {
    const { T } = this.#extra;
    const { outcome } = this.#machine.swiotlb;
    this.#compare.same('transient pool made', T !== undefined, outcome.transient);
    if (outcome.transient && outcome.pool !== null) this.#comparePool(T ?? [], outcome.pool);
  }

  /** A new pool against its recorded number, start and slots (and areas). */
  #comparePool(said: readonly unknown[], pool: Pool): void {
    const compare = this.#compare;
    const id = this.#nextPool++;
    this.#machine.pools.set(id, pool);
    const got = [id, pool.base, pool.nslabs, pool.nareas];
    const names = ['pool', 'pool start', 'pool slots', 'pool areas'];
    for (const [index, expected] of said.entries()) {
      if (typeof expected === 'number') compare.same(names[index] ?? 'pool', expected, got[index]);
    }
  }

  #unmap(): void {
    const { swiotlb, pools } = this.#machine;
    const id = this.#number(1);
    const device = this.#owners[id];
    const tlb = this.#addresses[id] ?? FAILED;
    if (device === undefined || tlb === FAILED) {
      // The model failed where the kernel did not; that difference has been counted.
      this.#compare.difference(`map ${id} to be live`, 'it failed');
      return;
    }
    this.#compare.same('unmapped', true, swiotlb.unmap(device, tlb));
    const { pool } = swiotlb.releasing;
    const gone = pool?.kind === 'transient' ? this.#numberOf(pool) : NONE;
    this.#compare.same('transient pool destroyed', this.#extra.gone ?? NONE, gone);
    if (gone !== NONE) pools.delete(gone);
  }

  #worker(): void {
    const { swiotlb } = this.#machine;
    if (!swiotlb.startWorker()) {
      this.#compare.same('worker', this.#number(1), NOTHING_PENDING);
      return;
    }
    const pool = swiotlb.grow();
    if (pool === null) {
      this.#compare.same('new pool', this.#number(1), NONE);
      return;
    }
    this.#comparePool(this.#op.slice(1, 5), pool);
  }

  #counters(): void {
    const mem = this.#machine.swiotlb.mems[this.#number(1)];
    const compare = this.#compare;
    compare.check('io_tlb_used', this.#number(2), mem?.used);
    compare.check('io_tlb_used_hiwater', this.#number(3), mem?.hiwater);
    compare.check('io_tlb_transient_nslabs', this.#number(4), mem?.transientNslabs);
    compare.check('io_tlb_nslabs', this.#number(5), mem?.nslabs);
  }

  #hashes(): void {
    const pool = this.#pool();
    if (pool === null) return this.#compare.check('a live pool', this.#number(1), 'none');
    const hashes = [this.#number(2), this.#number(3), this.#number(4), this.#number(5)];
    comparePoolState(this.#compare, pool, { hashes, used: this.#op[6], index: this.#op[7] });
  }

  #lists(): void {
    const pool = this.#pool();
    if (pool === null) return this.#compare.check('a live pool', this.#number(1), 'none');
    compareLists(this.#compare, pool, this.#op[2]);
  }

  /** A copy: where from, where to, how much, and whether the kernel warned. */
  #sync(): void {
    const forDevice = this.#number(4) === 1;
    const bounce = syncCopies(this.#number(5), forDevice) ? this.#bounce() : null;
    const compare = this.#compare;
    if (bounce === null) {
      const copy = JSON.stringify(this.#op.slice(6, 10));
      compare.same('copy', copy, JSON.stringify([NONE, NONE, NONE, 0]));
      return;
    }
    compare.same('copy to', this.#number(6), forDevice ? bounce.tlb : bounce.orig);
    compare.same('copy from', this.#number(7), forDevice ? bounce.orig : bounce.tlb);
    compare.same('bytes copied', this.#number(8), bounce.bytes);
    compare.same('overflow warned', this.#number(9), bounce.clamped ? 1 : 0);
  }

  #bounce(): Bounce | null {
    const id = this.#number(1);
    const device = this.#owners[id];
    const address = this.#addresses[id] ?? FAILED;
    if (device === undefined || address === FAILED) return null;
    const tlb = address + this.#number(2);
    const pool = this.#machine.swiotlb.findPool(device, tlb);
    return pool && bounceOf(pool, device, tlb, this.#number(3));
  }

  #resetHiwater(): void {
    this.#machine.swiotlb.mems[this.#number(1)]?.writeHiwater(0);
  }

  #findPool(): void {
    const pool = this.#machine.swiotlb.findPool(this.#device(), this.#number(2));
    this.#compare.same('pool of the address', this.#number(3), this.#numberOf(pool));
  }

  /** The kernel's number of a pool, or NONE. */
  #numberOf(pool: Pool | null): number {
    for (const [id, candidate] of this.#machine.pools) if (candidate === pool) return id;
    return NONE;
  }

  #pool(): Pool | null {
    return this.#machine.pools.get(this.#number(1)) ?? null;
  }

  #device(): DmaDevice {
    const device = this.#machine.devices[this.#number(1)];
    if (device === undefined) throw this.#fault(1, 'a device of the header');
    return device;
  }

  #number(at: number): number {
    const value = this.#op[at];
    if (typeof value === 'number') return value;
    throw this.#fault(at, 'a number');
  }

  #fault(at: number, expected: string): TraceFault {
    const value = quoted(this.#op[at]);
    return new TraceFault(`Line ${this.#line}: entry ${at} is ${value}, expected ${expected}.`);
  }
}
