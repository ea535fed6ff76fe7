/**
 * Restricted pools at boot: memory that firmware reserves for single devices, and who uses it.
 *
 * Follows rmem_swiotlb_setup() and rmem_swiotlb_device_init() in kernel/dma/swiotlb.c, Linux 6.12.
 * Differs in that the regions lie where this machine's memory map has room, next to the default
 * pool; a device tree may put them anywhere. A kernel without a device tree has none.
 */
import { addressText } from './kernel-log.ts';
import type { MemoryMap } from './memory-map.ts';
import type { DeviceSpec, MachineSpec } from './scenario.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { TlbMem } from '../model/tlb-mem.ts';

const MIB = 1_048_576;

/** A region and its place. */
export interface PlacedRegion {
  readonly name: string;
  readonly base: number;
  readonly bytes: number;
}

/**
 * Reserves the regions of a machine; to be called before the pool is reserved.
 *
 * @param lines what the kernel prints meanwhile is added here.
 * @throws RangeError when memory has no room for one; `regionFaults` does not let that pass.
 */
export function placeRegions(
  { restricted = [] }: MachineSpec,
  memory: MemoryMap,
  lines: string[],
): readonly PlacedRegion[] {
  return restricted.map(({ name, bytes }) => {
    const base = memory.reserveRegion(bytes);
    if (base === -1) throw new RangeError(`memory has no room for the region ${name}`);
    const size = Math.floor(bytes / MIB);
    lines.push(
      `software IO TLB: Reserved memory: created restricted DMA pool at ${addressText(base)}, size ${size} MiB`,
    );
    return { name, base, bytes };
  });
}

/** Makes an allocator of each region. @returns which one a device uses. */
export function addRegions(
  swiotlb: Swiotlb,
  regions: readonly PlacedRegion[],
): (device: DeviceSpec) => TlbMem {
  const mems = new Map(
    regions.map(({ name, base, bytes }) => [name, swiotlb.addRestricted(base, bytes, name)]),
  );
  return ({ restrictedPool }) => {
    if (restrictedPool === undefined) return swiotlb.mem;
    const mem = mems.get(restrictedPool);
    if (mem === undefined) throw new RangeError(`there is no region ${restrictedPool}`);
    return mem;
  };
}
