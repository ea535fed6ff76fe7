/**
 * Replays a `swiotlb-trace/1` file: operations with the kernel's answer to each, the page
 * allocator's answers included. The file's legend names the fields of every line.
 */
import type { DmaDevice } from '../model/device.ts';
import type { MapCursor } from '../model/map-cursor.ts';
import type { Pool, SearchKind } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import { bounceOf, syncCopies, type Bounce } from '../model/sync.ts';
import { FAILED } from '../model/units.ts';
import { Comparison } from './comparison.ts';
import type { TlbMem } from '../model/tlb-mem.ts';
import { Announced } from './announced.ts';
import type { FileReport } from './file-report.ts';
import type { Fields } from './fields.ts';
import { AREA_LIMIT, SIZE_LIMIT, SLOT_LIMIT } from './header-check.ts';
import { compareLists, comparePoolState } from './pool-state.ts';
import { VectorOp } from './vector-op.ts';
import { bootVectorMachine, type VectorMachine } from './vector-machine.ts';

/** Alignments above a page are warned about once (`alloc_align_mask > ~PAGE_MASK`). */
const PAGE_MASK = 4095;
const NONE = -1;
const NOTHING_PENDING = -2;

/** A map or page allocation of a vector, about to be decided. */
export interface VectorAsk {
  readonly swiotlb: Swiotlb;
  /** Asks a cursor what the vector is about to ask. */
  readonly ask: (cursor: MapCursor) => void;
}

export class VectorReplay {
  /** Told of every request before it is decided: for whoever wants to see the search. */
  onAsk: ((asked: VectorAsk) => void) | null = null;
  readonly #compare = new Comparison();
  readonly #machine: VectorMachine;
  /** Per map id: the address given (or FAILED) and whose it is. */
  readonly #addresses: number[] = [];
  readonly #owners: DmaDevice[] = [];
  readonly #announced: Announced;
  readonly #op = new VectorOp();
  /** Number the kernel gives to the next pool. */
  #nextPool = 0;

  /** Boots the machine of the header. @throws TraceFault when a field is not what it must be. */
  constructor(header: Fields, search: SearchKind = 'fast') {
    this.#compare.begin(1, false);
    this.#machine = bootVectorMachine(header, search, this.#compare);
    this.#announced = new Announced(header, ['ops', 'fails']);
    this.#nextPool = this.#machine.swiotlb.pools.length;
  }

  /** Replays one line. @throws TraceFault when it is not an operation. */
  read(text: string, line: number): void {
    const op = this.#op;
    op.read(text, line);
    this.#announced.count('ops');
    const isDecision = op.kind === 'm' || op.kind === 'M' || op.kind === 'A' || op.kind === 'w';
    this.#compare.begin(line, isDecision);
    this.#machine.pages.load(op.extra.answers);
    this.#replay(op.kind);
    this.#machine.pages.settle();
    const { mismatch } = this.#machine.pages;
    if (mismatch !== null) this.#compare.difference(mismatch.expected, mismatch.got);
  }

  report(): FileReport {
    const report = this.#compare.report();
    return { ...report, failures: [...report.failures, ...this.#announced.differences()] };
  }

  #replay(kind: string): void {
    switch (kind) {
      case 'm':
        return this.#map(5, this.#op.lowMask(5));
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
        throw this.#op.fault(0, 'the letter of an operation');
    }
  }

  /** `m` and `M`; the answer begins behind entry `lastInput`. */
  #map(lastInput: number, allocAlignMask: number): void {
    const { swiotlb } = this.#machine;
    const op = this.#op;
    const device = this.#device();
    const [cpu, orig, size] = [op.cpu(2), op.address(3), op.size(4)];
    const isPlain = lastInput === 5;
    this.onAsk?.({
      swiotlb,
      ask: (cursor) => cursor.ask(device, cpu, orig, size, allocAlignMask),
    });
    const tlb = isPlain
      ? swiotlb.tblMapSingle(device, cpu, orig, size, allocAlignMask)
      : swiotlb.map(device, cpu, orig, size);
    const { outcome } = swiotlb;
    this.#remember(device, tlb, op.whole(lastInput + 1, FAILED));
    this.#compareTransient();
    this.#comparePlace(lastInput + 1, tlb, true);
    const compare = this.#compare;
    compare.same('growth worker queued', op.extra.kick === 1, outcome.kicked);
    // Without a pool the kernel gives up before it looks at the alignment.
    const isWide = allocAlignMask > PAGE_MASK && outcome.cause !== 'no-pool';
    const warned = isPlain ? isWide : outcome.cause === 'out-of-reach';
    compare.same('one-time warnings', op.extra.once, warned ? 1 : 0);
  }

  #allocPages(): void {
    const { swiotlb } = this.#machine;
    const device = this.#device();
    const [cpu, size] = [this.#op.cpu(2), this.#op.size(3)];
    this.onAsk?.({ swiotlb, ask: (cursor) => cursor.askPages(device, cpu, size) });
    const tlb = swiotlb.allocPages(device, cpu, size);
    this.#remember(device, tlb, this.#op.whole(4, FAILED));
    this.#comparePlace(4, tlb, false);
  }

  #remember(device: DmaDevice, tlb: number, told: number): void {
    if (told === FAILED) this.#announced.count('fails');
    this.#owners.push(device);
    this.#addresses.push(tlb);
  }

  /** Address, pool, slot, slots and (for maps) padding, from entry `at` on. */
  #comparePlace(at: number, tlb: number, hasPadding: boolean): void {
    const compare = this.#compare;
    const op = this.#op;
    const { outcome } = this.#machine.swiotlb;
    if (!compare.same('address', op.whole(at), tlb) || tlb === FAILED) return;
    compare.same('pool', op.whole(at + 1), this.#numberOf(outcome.pool));
    compare.same('slot', op.whole(at + 2), outcome.slot);
    compare.same('slots taken', op.whole(at + 3), outcome.nslots);
    if (hasPadding) compare.same('padding slots', op.whole(at + 4), outcome.padSlots);
  }

  #compareTransient(): void {
    const { transient } = this.#op.extra;
    const { outcome } = this.#machine.swiotlb;
    this.#compare.same('transient pool made', transient !== null, outcome.transient);
    if (outcome.transient && outcome.pool !== null)
      this.#comparePool(transient ?? [], outcome.pool);
  }

  /** A new pool against its recorded number, start and slots (and areas). */
  #comparePool(said: readonly number[], pool: Pool): void {
    const compare = this.#compare;
    const id = this.#nextPool++;
    this.#machine.pools.set(id, pool);
    const got = [id, pool.base, pool.nslabs, pool.nareas];
    const names = ['pool', 'pool start', 'pool slots', 'pool areas'];
    for (const [index, expected] of said.entries()) {
      compare.same(names[index] ?? 'pool', expected, got[index]);
    }
  }

  #unmap(): void {
    const { swiotlb, pools } = this.#machine;
    const id = this.#op.whole(1, 0);
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
    this.#compare.same('transient pool destroyed', this.#op.extra.gone, gone);
    if (gone !== NONE) pools.delete(gone);
  }

  #worker(): void {
    const { swiotlb } = this.#machine;
    const told = this.#op.whole(1);
    if (!swiotlb.startWorker()) {
      this.#compare.same('worker', told, NOTHING_PENDING);
      return;
    }
    const pool = swiotlb.grow();
    if (pool === null) {
      this.#compare.same('new pool', told, NONE);
      return;
    }
    const rest = told < 0 ? [] : [2, 3, 4].map((at) => this.#op.whole(at));
    this.#comparePool([told, ...rest], pool);
  }

  #counters(): void {
    const mem = this.#mem();
    const compare = this.#compare;
    const op = this.#op;
    compare.check('io_tlb_used', op.whole(2), mem.used);
    compare.check('io_tlb_used_hiwater', op.whole(3), mem.hiwater);
    compare.check('io_tlb_transient_nslabs', op.whole(4), mem.transientNslabs);
    compare.check('io_tlb_nslabs', op.whole(5), mem.nslabs);
  }

  #hashes(): void {
    const pool = this.#pool();
    if (pool === null) return;
    const op = this.#op;
    const hashes = [2, 3, 4, 5].map((at) => op.whole(at));
    const [used, index] = [op.wholes(6, AREA_LIMIT), op.wholes(7, AREA_LIMIT)];
    comparePoolState(this.#compare, pool, { hashes, used, index });
  }

  #lists(): void {
    const pool = this.#pool();
    if (pool !== null) compareLists(this.#compare, pool, this.#op.wholes(2, SLOT_LIMIT));
  }

  /** A copy: where from, where to, how much, and whether the kernel warned. */
  #sync(): void {
    const op = this.#op;
    const forDevice = op.whole(4, 0, 1) === 1;
    const bounce = syncCopies(op.whole(5, 0, 3), forDevice) ? this.#bounce() : null;
    const compare = this.#compare;
    const told = [6, 7, 8, 9].map((at) => op.whole(at));
    if (bounce === null) {
      compare.same('copy', JSON.stringify(told), JSON.stringify([NONE, NONE, NONE, 0]));
      return;
    }
    compare.same('copy to', told[0], forDevice ? bounce.tlb : bounce.orig);
    compare.same('copy from', told[1], forDevice ? bounce.orig : bounce.tlb);
    compare.same('bytes copied', told[2], bounce.bytes);
    compare.same('overflow warned', told[3], bounce.clamped ? 1 : 0);
  }

  #bounce(): Bounce | null {
    const id = this.#op.whole(1, 0);
    const [offset, bytes] = [this.#op.whole(2, 0, SIZE_LIMIT), this.#op.size(3)];
    const device = this.#owners[id];
    const address = this.#addresses[id] ?? FAILED;
    if (device === undefined || address === FAILED) return null;
    const tlb = address + offset;
    const pool = this.#machine.swiotlb.findPool(device, tlb);
    return pool && bounceOf(pool, device, tlb, bytes);
  }

  #resetHiwater(): void {
    this.#mem().writeHiwater(0);
  }

  #findPool(): void {
    const pool = this.#machine.swiotlb.findPool(this.#device(), this.#op.address(2));
    this.#compare.same('pool of the address', this.#op.whole(3), this.#numberOf(pool));
  }

  /** The kernel's number of a pool, or NONE. */
  #numberOf(pool: Pool | null): number {
    for (const [id, candidate] of this.#machine.pools) if (candidate === pool) return id;
    return NONE;
  }

  /** The pool of entry 1; one that is not live fails the file. */
  #pool(): Pool | null {
    const id = this.#op.whole(1);
    const pool = this.#machine.pools.get(id) ?? null;
    if (pool === null) this.#compare.check('a live pool', id, 'none');
    return pool;
  }

  /** The allocator of entry 1. */
  #mem(): TlbMem {
    const mem = this.#machine.mems.get(this.#op.whole(1));
    if (mem === undefined) throw this.#op.fault(1, 'an allocator of the header');
    return mem;
  }

  #device(): DmaDevice {
    const device = this.#machine.devices[this.#op.whole(1)];
    if (device === undefined) throw this.#op.fault(1, 'a device of the header');
    return device;
  }
}
