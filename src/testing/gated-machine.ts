/**
 * A machine of one small pool behind a throttle, driven as a driver drives it: arrive at the gate,
 * map, unmap. The pool has 100 slots unless told otherwise, so that a slot is a percent: high is 70,
 * low is 65.
 */
import { NO_DEMANDS, type DmaDemands, type DmaDevice } from '../model/device.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import { MapCursor } from '../model/map-cursor.ts';
import { NO_PAGES, type PageSource } from '../model/page-source.ts';
import { Swiotlb } from '../model/swiotlb.ts';
import type { PolicyId } from '../model/throttle-policies.ts';
import { FAILED } from '../model/units.ts';

/** What a gated machine may differ in from the plain one. */
export interface GatedOptions {
  readonly nslabs?: number;
  /** A dynamic build, with memory for as many pools as it asks for. */
  readonly dynamic?: boolean;
  readonly forceBounce?: boolean;
  readonly demands?: Partial<DmaDemands>;
}

/** What a request that may block is told: never throttled, throttled and let in, or put to sleep. */
export type Verdict = 'free' | 'in' | 'asleep';

/** A map to make; what is left out is plain. */
export interface GatedMap {
  readonly throttled?: boolean;
  readonly device?: DmaDevice;
  readonly orig?: number;
  /** `alloc_align_mask`. */
  readonly align?: number;
}

export class GatedMachine {
  readonly swiotlb: Swiotlb;
  readonly device: DmaDevice;

  constructor(policy: PolicyId, options: GatedOptions = {}) {
    const { nslabs = 100, dynamic = false, forceBounce = true, demands = {} } = options;
    this.swiotlb = new Swiotlb({
      dynamic,
      search: 'reference',
      defaultNslabs: nslabs,
      defaultNareas: 1,
      canGrow: dynamic,
      physLimit: 0xffff_ffff,
      forceBounce,
      pages: dynamic ? endlessPages() : NO_PAGES,
      throttling: policy,
    });
    this.swiotlb.addPool({ base: 2 ** 30, nslabs, nareas: 1, kind: 'default' });
    this.device = this.swiotlb.addDevice({ ...NO_DEMANDS, ...demands });
  }

  get mem() {
    return this.swiotlb.mem;
  }

  get throttle() {
    return this.mem.throttle;
  }

  /** Who sleeps, the one in front first. */
  get asleep(): readonly number[] {
    const { queue } = this.throttle;
    const tickets: number[] = [];
    for (let ticket = queue.first; ticket >= 0; ticket = queue.behind(ticket)) tickets.push(ticket);
    return tickets;
  }

  /** A request that may block comes to the gate and reads the use as it is, or as it is said to be. */
  arrive(ticket: number, used: number = this.mem.used): Verdict {
    if (this.throttle.decide(used) === 'none') return 'free';
    return this.throttle.enter(ticket) ? 'in' : 'asleep';
  }

  /** A woken request runs. @returns whether it goes on to its map. */
  resume(ticket: number): boolean {
    return this.throttle.resume(ticket, this.mem.used);
  }

  /** Maps `slots` whole slots, and tells the throttle if the request was throttled. */
  map(slots: number, options: GatedMap = {}): number {
    const { throttled = false, device = this.device, orig = 2 ** 32, align = 0 } = options;
    const cursor = new MapCursor();
    cursor.ask(device, 0, orig, slots * SLOT_BYTES, align);
    cursor.throttled = throttled;
    let more = this.swiotlb.begin(cursor);
    while (more && !this.swiotlb.search(cursor)) more = this.swiotlb.nextArea(cursor);
    const tlb = this.swiotlb.finish(cursor);
    const { throttle, used } = device.mem;
    if (throttled && tlb === FAILED) throttle.failed(used);
    else if (throttled) throttle.placed(used);
    return tlb;
  }

  /** Unmaps. @returns whom that woke. */
  unmap(tlb: number, device: DmaDevice = this.device): readonly number[] {
    if (!this.swiotlb.unmap(device, tlb)) throw new RangeError(`nothing is mapped at ${tlb}`);
    return [...device.mem.throttle.woken];
  }
}

/** Blocks of pages a mebibyte apart from 16 MiB on, never used again. */
function endlessPages(): PageSource {
  let next = 2 ** 24;
  return {
    ...NO_PAGES,
    allocPages: () => (next += 2 ** 20),
    allocSlotArray: () => true,
  };
}
