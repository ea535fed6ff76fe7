import type { SlotTable } from '../model/slot-table.ts';

const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/** FNV-1a, 32 bits, over the `bytes` low bytes of `word`, lowest first. */
function addBytes(hash: number, word: number, bytes: number): number {
  let sum = hash;
  for (let byte = 0; byte < bytes; byte++) {
    sum = Math.imul(sum ^ ((word >>> (byte * 8)) & 0xff), FNV_PRIME);
  }
  return sum;
}

/** The same over a whole number as a 64-bit word; negative ones wrap as the kernel's u64 do. */
function addWord64(hash: number, value: number): number {
  return addBytes(addBytes(hash, value >>> 0, 4), Math.floor(value / 2 ** 32) >>> 0, 4);
}

/**
 * Hashes of the four kernel fields over every slot of a pool, in slot order and little-endian:
 * `list` and `pad_slots` as u16, `alloc_size` and `orig_addr` as u64 (no address is all ones).
 */
export interface SlotHashes {
  readonly list: number;
  readonly allocSize: number;
  readonly origAddr: number;
  readonly padSlots: number;
}

/** Computes them for a slot table. */
export function slotHashes(table: SlotTable): SlotHashes {
  let list = FNV_OFFSET;
  let allocSize = FNV_OFFSET;
  let origAddr = FNV_OFFSET;
  let padSlots = FNV_OFFSET;
  for (let slot = 0; slot < table.nslabs; slot++) {
    list = addBytes(list, table.list(slot), 2);
    allocSize = addWord64(allocSize, table.allocSize(slot));
    origAddr = addWord64(origAddr, table.origAddr(slot));
    padSlots = addBytes(padSlots, table.padSlots(slot), 2);
  }
  return {
    list: list >>> 0,
    allocSize: allocSize >>> 0,
    origAddr: origAddr >>> 0,
    padSlots: padSlots >>> 0,
  };
}
