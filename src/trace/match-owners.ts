import { paintedSlots } from '../engine/ledger-rows.ts';
import type { Ledger } from '../engine/ledger.ts';
import { NO_ROW } from '../engine/mapping-rows.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

/**
 * Brings the ledger's picture in line with the model, after a replay took or freed slots that no
 * event of the recording explains: what is entered and no longer held is struck out, what is held
 * without an entry is nobody's that is known.
 */
export function matchOwners(swiotlb: Swiotlb, ledger: Ledger, timeNs: number): void {
  for (const pool of swiotlb.pools) {
    const { owner } = ledger.record(pool, timeNs);
    // All wrong paint goes first: new paint may lie across old.
    for (let slot = 0; slot < pool.nslabs; slot++) {
      const slots = paintedSlots(owner, slot);
      if (slots > 0 && slots !== heldSlots(pool, slot)) erase(ledger, pool, slot);
    }
    for (let slot = 0; slot < pool.nslabs; slot++) {
      const slots = heldSlots(pool, slot);
      if (slots > 0 && paintedSlots(owner, slot) === 0) ledger.paintUnknown(pool, slot, slots);
    }
  }
}

/** Slots of the run that begins at `slot`; 0 when none does. */
function heldSlots({ table }: Pool, slot: number): number {
  return table.runStart(slot) === slot && table.list(slot) === 0 ? table.runSlots(slot) : 0;
}

function erase(ledger: Ledger, pool: Pool, first: number): void {
  const row = ledger.rowAtFirst(pool, first);
  if (row === NO_ROW) ledger.clearUnknown(pool, first);
  else ledger.drop(row, pool, first);
}
