import { pageOrder, SLOT_BYTES } from '../model/geometry.ts';
import type { PageSource } from '../model/page-source.ts';

/** Memory that a running kernel got for a pool. */
export interface GrantedPages {
  readonly base: number;
  readonly nslabs: number;
}

/**
 * The page allocator of a recorded machine: it has the memory that the kernel is known to have got,
 * one block at a time, and nothing else.
 */
export class ReplayPages implements PageSource {
  readonly atomicFromCoherent = false;
  readonly coherentRegions = 0;
  /** Blocks given back and not yet seen freed in the recording. */
  readonly freed = new Set<number>();
  #granted: GrantedPages | null = null;

  /** What the next request that is not larger gets; null for nothing. */
  grant(pages: GrantedPages | null): void {
    this.#granted = pages;
  }

  allocPages(order: number): number {
    const granted = this.#granted;
    // Larger orders are refused, as they must have been: the kernel ended with this one.
    if (granted === null || order > pageOrder(granted.nslabs * SLOT_BYTES)) return -1;
    this.#granted = null;
    this.freed.delete(granted.base);
    return granted.base;
  }

  freePages(_order: number, addr: number): void {
    this.freed.add(addr);
  }

  allocSlotArray(): boolean {
    return true;
  }

  freeSlotArray(): void {
    // The slot array goes with its pool.
  }

  decrypt(): boolean {
    return true;
  }

  coherentAlloc(): number {
    return -1;
  }

  coherentFree(): void {
    // There are no coherent pools here, so nothing comes back.
  }
}
