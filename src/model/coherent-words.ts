/** What the kernel says of the coherent pools (kernel/dma/pool.c, Linux 6.12). */
import type { GfpZone } from './page-source.ts';

const KIB = 1024;

/**
 * What the kernel says of a pool that boot has filled, or could not fill.
 *
 * @param asked and `got` in bytes.
 */
export function preallocatedText(asked: number, got: number, zone: GfpZone): string {
  const flags = { 0: 'GFP_KERNEL', 1: 'GFP_KERNEL|GFP_DMA', 4: 'GFP_KERNEL|GFP_DMA32' } as const;
  return got > 0
    ? `DMA: preallocated ${got / KIB} KiB ${flags[zone]} pool for atomic allocations`
    : `DMA: failed to allocate ${asked / KIB} KiB ${flags[zone]} pool for atomic allocation`;
}

/** What the kernel logs when no pool has room for a device's request. */
export function poolExhausted(deviceName: string): string {
  return `Failed to get suitable pool for ${deviceName}`;
}
