/**
 * What the page allocator and the coherent pools answer: the narrow door through which memory for
 * growing comes in.
 *
 * Follows the calls of swiotlb_alloc_tlb() and swiotlb_alloc_pool() in kernel/dma/swiotlb.c and of
 * dma_alloc_from_pool() in kernel/dma/pool.c, Linux 6.12. Who answers is not the model's business:
 * recorded answers in a replay, a page allocator in a simulation.
 */

/**
 * Zone bits of a request: 0 any, 1 `__GFP_DMA` (below 16 MiB, or as `dmaLimit` says),
 * 4 `__GFP_DMA32` (below 4 GiB).
 */
export type GfpZone = 0 | 1 | 4;

export interface PageSource {
  /**
   * `force_dma_unencrypted`: in an encrypted guest a request that may not sleep cannot convert
   * pages and is served from the coherent pools instead.
   */
  readonly atomicFromCoherent: boolean;
  /** Number of coherent pools, in the order they are tried (kernel, DMA32, DMA). */
  readonly coherentRegions: number;
  /** `zone_dma_limit`: last byte of zone DMA. Left out: below 16 MiB, as on x86. */
  readonly dmaLimit?: number;
  /** 2^order pages, naturally aligned. @returns the address, or -1 when there are none. */
  allocPages(order: number, zone: GfpZone, maySleep: boolean): number;
  freePages(order: number, addr: number): void;
  /** Memory for a pool's slot array. @returns false when there is none. */
  allocSlotArray(order: number, maySleep: boolean): boolean;
  freeSlotArray(order: number): void;
  /** `set_memory_decrypted`. @returns false when the conversion failed. */
  decrypt(pages: number, addr: number): boolean;
  /** First fit in coherent pool `region`. @returns the address, or -1 when there is no room. */
  coherentAlloc(region: number, bytes: number): number;
  /** Gives back what `coherentAlloc` gave; `rejected` when the device cannot reach it. */
  coherentFree(region: number, bytes: number, addr: number, rejected: boolean): void;
}

/** A machine without memory to give: every request fails. For builds that cannot grow. */
export const NO_PAGES: PageSource = {
  atomicFromCoherent: false,
  coherentRegions: 0,
  allocPages: () => -1,
  freePages: () => undefined,
  allocSlotArray: () => false,
  freeSlotArray: () => undefined,
  decrypt: () => true,
  coherentAlloc: () => -1,
  coherentFree: () => undefined,
};
