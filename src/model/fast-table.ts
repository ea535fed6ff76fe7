/**
 * The slot table the product uses: a free bitmap, one record per mapping, nothing written per slot.
 *
 * Decides what swiotlb_search_pool_area() in kernel/dma/swiotlb.c, Linux 6.12, decides; `list`,
 * `alloc_size`, `orig_addr` and `pad_slots` of any slot are derived when asked for. Where the
 * kernel walks from candidate to candidate, this works out in closed form which slots that walk
 * can reach (it can step over a fit) and takes the lowest one in each half of the walk.
 */
import { at } from './array.ts';
import { hasBit, lastBit, setBits } from './bits.ts';
import { FreeMap } from './free-map.ts';
import { SEGMENT_SLOTS, SLOT_BYTES, SLOT_SHIFT } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import type { SearchTerms } from './search-terms.ts';
import type { SlotTable } from './slot-table.ts';
import { NO_ADDRESS } from './units.ts';

/** A record packs `total - 1` (18 bits) above the offset into the first slot (11 bits). */
const TOTAL_SHIFT = 11;
const LOW_MASK = 2047;

export class FastTable implements SlotTable {
  readonly nslabs: number;
  probes = 0;
  readonly #map: FreeMap;
  /** A bit at the first slot of every run. */
  readonly #starts: Int32Array;
  /** Records, valid at the first slot of a run only. */
  readonly #packed: Uint32Array;
  readonly #orig: Float64Array;
  readonly #pad: Uint8Array;
  readonly #tag: Uint32Array;

  constructor(nslabs: number) {
    this.nslabs = nslabs;
    this.#map = new FreeMap(nslabs);
    this.#starts = new Int32Array((nslabs + 31) >> 5);
    this.#packed = new Uint32Array(nslabs);
    this.#orig = new Float64Array(nslabs);
    this.#pad = new Uint8Array(nslabs);
    this.#tag = new Uint32Array(nslabs);
  }

  find(areaStart: number, areaSlots: number, index: number, terms: SearchTerms): number {
    const from = areaStart + index;
    const areaEnd = areaStart + areaSlots;
    const slot = this.#firstFit(from, areaEnd, terms);
    if (slot >= 0) {
      this.probes = probesUntil(from, slot, terms);
      return slot;
    }
    // The kernel counts strides, so the last stride over the area's end shortens the second half.
    const { every, residue, step, stride } = terms;
    const candidate = from + ((residue - from) & (every - 1));
    let counted = areaSlots - index;
    if (candidate < areaEnd) {
      const last = candidate + Math.floor((areaEnd - 1 - candidate) / step) * step;
      counted = Math.max(counted, last - from + stride);
    }
    this.probes = probesOfSpan(from, areaEnd, terms);
    const end = areaEnd - counted;
    if (end <= areaStart) return -1;
    const wrapped = this.#firstFit(areaStart, end, terms);
    this.probes +=
      wrapped < 0 ? probesOfSpan(areaStart, end, terms) : probesUntil(areaStart, wrapped, terms);
    return wrapped;
  }

  #firstFit(from: number, to: number, terms: SearchTerms): number {
    const { every, step } = terms;
    if (every <= 32 && step === every) return this.#map.firstFit(from, to, terms);
    // Wider alignments have few candidates: walk them.
    const first = from + ((terms.residue - from) & (every - 1));
    for (let slot = first; slot < to; slot += step) {
      if (this.#map.runFrom(slot) >= terms.slots && !terms.crossesBoundary(slot)) return slot;
    }
    return -1;
  }

  claim(first: number, slots: number, total: number, low: number): void {
    this.#map.take(first, first + slots);
    this.#starts[first >>> 5] = (this.#starts[first >>> 5] as number) | (1 << (first & 31));
    this.#packed[first] = ((total - 1) << TOTAL_SHIFT) | low;
    this.#orig[first] = NO_ADDRESS;
    this.#pad[first] = 0;
  }

  record(first: number, orig: number, pad: number): void {
    this.#orig[first] = orig;
    this.#pad[first] = pad;
  }

  release(first: number, slots: number): void {
    this.#map.give(first, first + slots);
    this.#starts[first >>> 5] = (this.#starts[first >>> 5] as number) & ~(1 << (first & 31));
    this.#tag[first] = 0;
  }

  runOfData(dataSlot: number): number {
    // Nearly always there is no padding and the run starts at its data.
    if (hasBit(this.#starts, dataSlot) && this.#pad[dataSlot] === 0) return dataSlot;
    const first = this.runStart(dataSlot);
    return first >= 0 && first + (this.#pad[first] as number) === dataSlot ? first : -1;
  }

  runStart(slot: number): number {
    if (this.#map.isFree(slot)) return -1;
    return lastBit(this.#starts, Math.max(slot - SEGMENT_SLOTS + 1, 0), slot + 1, true);
  }

  runSlots(first: number): number {
    return ((this.#packed[first] as number) >>> (TOTAL_SHIFT + SLOT_SHIFT)) + 1;
  }

  list(slot: number): number {
    return this.#map.runFrom(slot);
  }

  allocSize(slot: number): number {
    const first = this.runStart(slot);
    if (first < 0) return 0;
    const packed = at(this.#packed, first);
    const total = (packed >>> TOTAL_SHIFT) + 1;
    return total - (packed & LOW_MASK) - (slot - first) * SLOT_BYTES;
  }

  origAddr(slot: number): number {
    const first = this.runStart(slot);
    if (first < 0) return NO_ADDRESS;
    const behind = slot - first - at(this.#pad, first);
    const orig = at(this.#orig, first);
    return behind < 0 || orig === NO_ADDRESS ? NO_ADDRESS : orig + behind * SLOT_BYTES;
  }

  padSlots(slot: number): number {
    const first = this.runStart(slot);
    const pad = first < 0 ? 0 : at(this.#pad, first);
    return slot === first + pad ? pad : 0;
  }

  setTag(first: number, tag: number): void {
    this.#tag[first] = tag;
  }

  keep(k: Keeper): void {
    this.probes = k.value(this.probes);
    this.#map.keep(k);
    k.array(this.#starts);
    // Records mean something at the first slot of a run only, and tags are 0 everywhere else.
    const firsts = setBits(this.#starts);
    k.picked(this.#packed, firsts);
    k.picked(this.#orig, firsts);
    k.picked(this.#pad, firsts);
    k.sparse(this.#tag);
  }

  tag(slot: number): number {
    const first = this.runStart(slot);
    return first < 0 ? 0 : at(this.#tag, first);
  }
}

/** Slots the kernel's walk looks at from `from` to the candidate `slot`, that one included. */
function probesUntil(from: number, slot: number, terms: SearchTerms): number {
  const { every, step } = terms;
  const creep = (terms.residue - from) & (every - 1);
  // A stride that is not a multiple of the alignment lands short and creeps to the next candidate.
  return creep + ((slot - from - creep) / step) * (1 + step - terms.stride) + 1;
}

/** Slots the kernel's walk looks at from `from` until it has passed `to` without a fit. */
function probesOfSpan(from: number, to: number, terms: SearchTerms): number {
  const { every, step, stride } = terms;
  const creep = (terms.residue - from) & (every - 1);
  const candidate = from + creep;
  if (candidate >= to) return to - from;
  const last = candidate + Math.floor((to - 1 - candidate) / step) * step;
  return probesUntil(from, last, terms) + Math.max(to - last - stride, 0);
}
