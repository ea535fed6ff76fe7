/**
 * A device as the allocator sees it: what it can reach and how its buffers must lie.
 *
 * Follows struct device, struct device_dma_parameters and struct io_tlb_mem in Linux 6.12
 * (`dma_mask`, `bus_dma_limit`, `min_align_mask`, `segment_boundary_mask`, `dma_io_tlb_mem`,
 * `dma_io_tlb_pools`, `dma_uses_io_tlb`).
 */
import { reachOf, type DmaDemands } from './demands.ts';
import type { Keeper } from './keeper.ts';
import { isLowMask } from './mask.ts';
import type { Pool } from './pool.ts';
import type { TlbMem } from './tlb-mem.ts';

export { NO_DEMANDS, reachOf, type DmaDemands } from './demands.ts';

/** One device of a machine. Made by `Swiotlb.addDevice`. */
export class DmaDevice {
  /** Counted from 0 in the order of adding. */
  readonly id: number;
  readonly demands: DmaDemands;
  /** `dma_io_tlb_mem`: the default allocator, or the restricted one of its region. */
  readonly mem: TlbMem;
  /** Highest address it reaches in streaming mappings. */
  readonly reach: number;
  /** `dma_io_tlb_pools`: its transient pools, newest first. */
  readonly transient: Pool[] = [];
  /** `dma_uses_io_tlb`: whether it ever mapped; until then its unmaps look for no pool. */
  everMapped = false;

  /** @throws RangeError when a mask is not of the form 2^k - 1. */
  constructor(id: number, demands: DmaDemands, mem: TlbMem) {
    const { minAlignMask, segBoundary } = demands;
    if (!isLowMask(minAlignMask) || minAlignMask >= 2 ** 32) {
      throw new RangeError(`min_align_mask ${minAlignMask} is not 2^k - 1 below 2^32`);
    }
    if (!isLowMask(segBoundary)) {
      throw new RangeError(`segment boundary ${segBoundary} is not 2^k - 1`);
    }
    this.id = id;
    this.demands = demands;
    this.mem = mem;
    this.reach = reachOf(demands.dmaMask, demands.busLimit);
  }

  keep(k: Keeper): void {
    k.list(this.transient);
    this.everMapped = k.value(this.everMapped);
  }
}
