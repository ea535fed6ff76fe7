/**
 * What a device demands of its buffers.
 *
 * Follows struct device and struct device_dma_parameters in Linux 6.12.
 */

/** What a driver told the DMA layer. Infinity stands for a mask wider than any address here. */
export interface DmaDemands {
  /** `min_align_mask`: low address bits that a bounce buffer must keep. 2^k - 1, below 2^32. */
  readonly minAlignMask: number;
  /** `segment_boundary_mask`: 2^k - 1; a buffer may not cross a multiple of 2^k. Infinity = none. */
  readonly segBoundary: number;
  /** Highest address the device can write in streaming mappings, `dma_mask`. */
  readonly dmaMask: number;
  /** The same for allocations, `coherent_dma_mask`. */
  readonly coherentMask: number;
  /** `bus_dma_limit`; 0 = the bus sets none. */
  readonly busLimit: number;
}

/** Demands of a device that asks for nothing and reaches everything. */
export const NO_DEMANDS: DmaDemands = {
  minAlignMask: 0,
  segBoundary: Infinity,
  dmaMask: Infinity,
  coherentMask: Infinity,
  busLimit: 0,
};

/** Highest address reachable under `mask` and a bus limit (0 = none), `min_not_zero`. */
export function reachOf(mask: number, busLimit: number): number {
  return busLimit === 0 ? mask : Math.min(mask, busLimit);
}
