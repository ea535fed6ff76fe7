/** Everything about a slot and the mapping it belongs to, for a close look. */

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
  /** 0 both ways, 1 to device, 2 from device. */
  readonly direction: 0 | 1 | 2;
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
