/**
 * The slot table as the kernel keeps it: four fields per slot, found by a linear scan.
 *
 * Follows swiotlb_search_pool_area() and swiotlb_release_slots() in kernel/dma/swiotlb.c, Linux
 * 6.12, to be read beside them. Slow on purpose: this is what the fast table is checked against and
 * measured against.
 */
import { at } from './array.ts';
import { SEGMENT_SLOTS, SLOT_BYTES } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import type { SearchTerms } from './search-terms.ts';
import type { SlotTable } from './slot-table.ts';
import { NO_ADDRESS } from './units.ts';

export class ReferenceTable implements SlotTable {
  readonly nslabs: number;
  probes = 0;
  readonly #list: Uint16Array;
  readonly #allocSize: Float64Array;
  readonly #origAddr: Float64Array;
  readonly #padSlots: Uint16Array;
  /** Not the kernel's: first slot of the run that holds a slot, and the caller's tag per run. */
  readonly #first: Int32Array;
  readonly #tag: Uint32Array;

  constructor(nslabs: number) {
    this.nslabs = nslabs;
    this.#list = new Uint16Array(nslabs);
    this.#allocSize = new Float64Array(nslabs);
    this.#origAddr = new Float64Array(nslabs).fill(NO_ADDRESS);
    this.#padSlots = new Uint16Array(nslabs);
    this.#first = new Int32Array(nslabs).fill(-1);
    this.#tag = new Uint32Array(nslabs);
    for (let slot = 0; slot < nslabs; slot++) {
      this.#list[slot] = Math.min(SEGMENT_SLOTS - (slot % SEGMENT_SLOTS), nslabs - slot);
    }
  }

  find(areaStart: number, areaSlots: number, index: number, terms: SearchTerms): number {
    const list = this.#list;
    const { slots, stride, residue } = terms;
    const classMask = terms.every - 1;
    const bounded = terms.boundary !== 0;
    let offset = index;
    let probes = 0;
    for (let checked = 0; checked < areaSlots;) {
      const slot = areaStart + offset;
      let step = 1;
      probes++;
      if ((slot & classMask) === residue) {
        if (at(list, slot) >= slots && !(bounded && terms.crossesBoundary(slot))) {
          this.probes = probes;
          return slot;
        }
        step = stride;
      }
      checked += step;
      offset += step;
      if (offset >= areaSlots) offset = 0;
    }
    this.probes = probes;
    return -1;
  }

  claim(first: number, slots: number, total: number, low: number): void {
    for (let k = 0; k < slots; k++) {
      this.#list[first + k] = 0;
      this.#allocSize[first + k] = total - low - k * SLOT_BYTES;
      this.#first[first + k] = first;
    }
    this.#renumberBefore(first, 0);
  }

  record(first: number, orig: number, pad: number): void {
    const end = first + this.runSlots(first);
    this.#padSlots[first + pad] = pad;
    for (let slot = first + pad; slot < end; slot++) {
      this.#origAddr[slot] = orig + (slot - first - pad) * SLOT_BYTES;
    }
  }

  release(first: number, slots: number): void {
    const end = first + slots;
    // Behind the last slot of a pool that ends inside a segment the kernel reads heap slack: 0.
    const inSegment = end % SEGMENT_SLOTS !== 0 && end < this.nslabs;
    let run = inSegment ? at(this.#list, end) : 0;
    for (let slot = end - 1; slot >= first; slot--) {
      this.#list[slot] = ++run;
      this.#origAddr[slot] = NO_ADDRESS;
      this.#allocSize[slot] = 0;
      this.#padSlots[slot] = 0;
      this.#first[slot] = -1;
    }
    this.#tag[first] = 0;
    this.#renumberBefore(first, run);
  }

  /** Renumbers the free run that ends just before `first`, counting on from `run`. */
  #renumberBefore(first: number, run: number): void {
    const segmentStart = first - (first % SEGMENT_SLOTS);
    let count = run;
    for (let slot = first - 1; slot >= segmentStart && at(this.#list, slot) !== 0; slot--) {
      this.#list[slot] = ++count;
    }
  }

  runOfData(dataSlot: number): number {
    const first = dataSlot - at(this.#padSlots, dataSlot);
    return at(this.#first, dataSlot) === first ? first : -1;
  }

  runStart(slot: number): number {
    return at(this.#first, slot);
  }

  runSlots(first: number): number {
    let end = first;
    while (end < this.nslabs && at(this.#first, end) === first) end++;
    return end - first;
  }

  list(slot: number): number {
    return at(this.#list, slot);
  }

  allocSize(slot: number): number {
    return at(this.#allocSize, slot);
  }

  origAddr(slot: number): number {
    return at(this.#origAddr, slot);
  }

  padSlots(slot: number): number {
    return at(this.#padSlots, slot);
  }

  setTag(first: number, tag: number): void {
    this.#tag[first] = tag;
  }

  keep(k: Keeper): void {
    this.probes = k.value(this.probes);
    k.array(this.#list);
    k.array(this.#allocSize);
    k.array(this.#origAddr);
    k.array(this.#padSlots);
    k.array(this.#first);
    k.array(this.#tag);
  }

  tag(slot: number): number {
    const first = at(this.#first, slot);
    return first < 0 ? 0 : at(this.#tag, first);
  }
}
