/** Everything about a slot and the mapping it belongs to, for a close look. */
import type { Run } from './run.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { Pool } from '../model/pool.ts';
import { NO_ADDRESS } from '../model/units.ts';

/** A slot of a pool, by the pool's id. */
export interface SlotRef {
  readonly pool: number;
  readonly slot: number;
}

/** Everything about one slot, in the terms of the kernel's `struct io_tlb_slot`. */
export interface SlotStory {
  readonly at: SlotRef;
  readonly poolKind: string;
  readonly area: number;
  /** Bus address of the slot. */
  readonly bus: number;
  readonly list: number;
  /** Signed: the kernel's u64 can wrap below zero. */
  readonly allocSize: number;
  /** null = INVALID_PHYS_ADDR. */
  readonly origAddr: number | null;
  readonly padSlots: number;
  /** null when the slot is free. */
  readonly mapping: MappingStory | null;
}

/** The mapping a slot belongs to. */
export interface MappingStory {
  readonly id: number;
  readonly device: number;
  /** First slot, padding included, and slots in all. */
  readonly first: number;
  readonly nslots: number;
  readonly padSlots: number;
  readonly cpu: number;
  readonly origAddr: number;
  readonly size: number;
  readonly tlbAddr: number;
  /** 0 both ways, 1 to device, 2 from device, 3 memory that was allocated. */
  readonly direction: 0 | 1 | 2 | 3;
  readonly mappedNs: number;
  /** Slots the kernel's search looked at, and areas it searched. */
  readonly probes: number;
  readonly areas: number;
}

/** The four kernel fields of slots in a row, parallel arrays. */
export interface SlotDetail {
  readonly from: SlotRef;
  readonly list: readonly number[];
  readonly allocSize: readonly number[];
  readonly origAddr: readonly (number | null)[];
  readonly padSlots: readonly number[];
}

/** Slots that one `slotDetail` covers at most. */
export const MAX_DETAIL_SLOTS = 4096;

/** Tells all about a slot; null when there is no such pool or slot. */
export function slotStory(run: Run, at: SlotRef): SlotStory | null {
  const pool = poolOf(run, at.pool);
  if (pool === null || !(at.slot >= 0 && at.slot < pool.nslabs)) return null;
  const { table } = pool;
  const origAddr = table.origAddr(at.slot);
  return {
    at,
    poolKind: pool.kind,
    area: Math.floor(at.slot / pool.areaNslabs),
    bus: pool.base + at.slot * SLOT_BYTES,
    list: table.list(at.slot),
    allocSize: table.allocSize(at.slot),
    origAddr: origAddr === NO_ADDRESS ? null : origAddr,
    padSlots: table.padSlots(at.slot),
    mapping: mappingStory(run, pool, at.slot),
  };
}

function mappingStory({ ledger }: Run, pool: Pool, slot: number): MappingStory | null {
  const { table } = pool;
  const first = table.runStart(slot);
  if (first < 0) return null;
  const { rows } = ledger;
  const row = ledger.rowOf(pool, first);
  if (row === 0) return null;
  const tlbAddr = rows.tlb(row);
  const dataSlot = Math.floor((tlbAddr - pool.base) / SLOT_BYTES);
  return {
    id: rows.serial(row),
    device: rows.device(row),
    first,
    nslots: table.runSlots(first),
    padSlots: dataSlot - first,
    cpu: rows.cpu(row),
    origAddr: table.origAddr(dataSlot),
    size: rows.size(row),
    tlbAddr,
    direction: rows.direction(row),
    mappedNs: rows.timeNs(row),
    probes: rows.probes(row),
    areas: rows.areas(row),
  };
}

/** The four fields of up to `MAX_DETAIL_SLOTS` slots from `from`; null when there is no such pool. */
export function slotDetail(run: Run, from: SlotRef, count: number): SlotDetail | null {
  const pool = poolOf(run, from.pool);
  if (pool === null) return null;
  const { table, nslabs } = pool;
  const end = Math.min(nslabs, from.slot + Math.min(count, MAX_DETAIL_SLOTS));
  const slots = Array.from({ length: Math.max(0, end - from.slot) }, (_, at) => from.slot + at);
  const address = (slot: number) => table.origAddr(slot);
  return {
    from,
    list: slots.map((slot) => table.list(slot)),
    allocSize: slots.map((slot) => table.allocSize(slot)),
    origAddr: slots.map((slot) => (address(slot) === NO_ADDRESS ? null : address(slot))),
    padSlots: slots.map((slot) => table.padSlots(slot)),
  };
}

function poolOf({ swiotlb }: Run, id: number): Pool | null {
  for (const pool of swiotlb.pools) if (pool.id === id) return pool;
  return null;
}
