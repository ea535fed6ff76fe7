/**
 * Memory for growing, on a machine that is not fragmented: naturally aligned blocks from a window
 * of RAM below 4 GiB, the highest first, until the window is used up.
 *
 * Stands in for the page allocator as far as the throttle needs one; that it always finds whole
 * blocks is an assumption, and the page says so.
 */
import type { GfpZone, PageSource } from '../model/page-source.ts';

const PAGE_BYTES = 4096;
const DMA_ZONE = 1;

/** Blocks of a window of memory, each order with a list of those given back. */
export class GrowthPages implements PageSource {
  readonly atomicFromCoherent: boolean;
  readonly coherentRegions = 0;
  readonly #from: number;
  #to: number;
  readonly #free = new Map<number, number[]>();

  /** @param from first byte of the window, @param to first byte behind it. */
  constructor(from: number, to: number, encrypted: boolean) {
    this.#from = from;
    this.#to = to;
    this.atomicFromCoherent = encrypted;
  }

  allocPages(order: number, zone: GfpZone): number {
    if (zone === DMA_ZONE) return -1;
    const again = this.#free.get(order)?.pop();
    if (again !== undefined) return again;
    const bytes = PAGE_BYTES * 2 ** order;
    const base = Math.floor((this.#to - bytes) / bytes) * bytes;
    if (base < this.#from) return -1;
    this.#to = base;
    return base;
  }

  freePages(order: number, addr: number): void {
    const list = this.#free.get(order);
    if (list === undefined) this.#free.set(order, [addr]);
    else list.push(addr);
  }

  allocSlotArray(): boolean {
    return true;
  }

  freeSlotArray(): void {
    // Slot arrays come from memory that is not counted here.
  }

  decrypt(): boolean {
    return true;
  }

  /** There is no coherent pool on this machine: an encrypted one gets no transient pools. */
  coherentAlloc(): number {
    return -1;
  }

  coherentFree(): void {
    // Nothing was ever given.
  }
}
