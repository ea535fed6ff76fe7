/** Writes to /sys/kernel/debug/swiotlb, answered as the kernel answers them. */
import type { Swiotlb } from '../model/swiotlb.ts';

/** Files that can be read but not written (0400). */
const READ_ONLY = ['io_tlb_nslabs', 'io_tlb_used', 'io_tlb_transient_nslabs'];
const HIWATER = 'io_tlb_used_hiwater';
/** How `kstrtoull(text, 0)` spells zero: decimal or octal, or hex. */
const ZERO = /^\+?(?:0+|0[xX]0+)$/;

/**
 * Writes `text` to a file of the directory. Only `io_tlb_used_hiwater` takes a write, and only of 0.
 *
 * @returns null when it was done, else what a shell says.
 */
export function writeDebugfs(swiotlb: Swiotlb, file: string, text: string): string | null {
  if (READ_ONLY.includes(file)) return `sh: can't create ${file}: Permission denied`;
  if (file !== HIWATER) return `sh: can't create ${file}: No such file or directory`;
  const accepted = ZERO.test(text.trim()) && swiotlb.mem.writeHiwater(0);
  return accepted ? null : 'sh: write error: Invalid argument';
}
