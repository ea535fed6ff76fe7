/**
 * The receive rings of one network device, one per CPU: buffers mapped long before a packet comes,
 * taken by the device in the order they were posted, unmapped and replaced by the poll job.
 *
 * Follows virtio_net in Linux 6.12: a ring is refilled when more than half a poll budget of its
 * buffers are missing; a buffer is 1,536 bytes, cut from a block of pages. Typed arrays are read
 * with `as number`: rings and places come from the arrays' own bounds.
 */
import type { Chance } from './chance.ts';
import { POLL_BUDGET, RECEIVE_BLOCK_BYTES, RECEIVE_BUFFER_BYTES } from './device-kinds.ts';
import type { MemoryMap } from './memory-map.ts';
import type { Keeper } from '../model/keeper.ts';

/** The rings of one network device; ring n belongs to CPU n. */
export class ReceiveRings {
  /** Buffers each ring should have. */
  target: number;
  /** Buffers mapped in all rings together. */
  posted = 0;
  /** Per ring: its poll job waits for a CPU or runs; it is refilling. 0 or 1. */
  readonly polling: Uint8Array;
  readonly refilling: Uint8Array;
  /**
   * Per ring: when its interrupt and its refill timer ring, in ns; Infinity when not set. One of
   * each at a time, as `napi_schedule()` and `schedule_delayed_work()` see to it.
   */
  readonly interruptNs: Float64Array;
  readonly refillNs: Float64Array;
  readonly #capacity: number;
  /** Per ring: oldest buffer's place, buffers posted, and those of them the device has filled. */
  readonly #oldest: Int32Array;
  readonly #count: Int32Array;
  readonly #filled: Int32Array;
  readonly #blockBase: Float64Array;
  readonly #blockUsed: Uint32Array;
  /** Per place: the ledger's row (0: mapped without bounce), and the packet that ends there. */
  readonly #row: Uint32Array;
  readonly #packetBytes: Uint32Array;
  readonly #packetNs: Float64Array;

  /**
   * @param rings one per CPU.
   * @param capacity buffers a ring can ever have.
   */
  constructor(rings: number, capacity: number, target: number) {
    this.target = target;
    this.polling = new Uint8Array(rings);
    this.refilling = new Uint8Array(rings);
    this.interruptNs = new Float64Array(rings).fill(Infinity);
    this.refillNs = new Float64Array(rings).fill(Infinity);
    this.#capacity = capacity;
    this.#oldest = new Int32Array(rings);
    this.#count = new Int32Array(rings);
    this.#filled = new Int32Array(rings);
    this.#blockBase = new Float64Array(rings);
    this.#blockUsed = new Uint32Array(rings).fill(RECEIVE_BLOCK_BYTES);
    this.#row = new Uint32Array(rings * capacity);
    this.#packetBytes = new Uint32Array(rings * capacity);
    this.#packetNs = new Float64Array(rings * capacity);
  }

  /** Whether the device has filled buffers that the poll job has not seen. */
  hasFilled(ring: number): boolean {
    return (this.#filled[ring] as number) > 0;
  }

  /** Whether no buffer is posted at all: only a timer can fill this ring again. */
  isEmpty(ring: number): boolean {
    return this.#count[ring] === 0;
  }

  /** Whether enough buffers are missing for the driver to refill. */
  wantsRefill(ring: number): boolean {
    const missing = this.target - (this.#count[ring] as number);
    return missing > 0 && missing > Math.min(POLL_BUDGET, this.target) / 2;
  }

  /** Whether the ring has its buffers. */
  isFull(ring: number): boolean {
    return (this.#count[ring] as number) >= Math.min(this.target, this.#capacity);
  }

  /** A packet arrives. @returns false when the ring has too few free buffers: it is lost. */
  fill(ring: number, bytes: number, nowNs: number): boolean {
    const filled = this.#filled[ring] as number;
    const buffers = Math.max(1, Math.ceil(bytes / RECEIVE_BUFFER_BYTES));
    if ((this.#count[ring] as number) - filled < buffers) return false;
    for (let buffer = 0; buffer < buffers; buffer++) {
      this.#packetBytes[this.#place(ring, filled + buffer)] = 0;
    }
    const last = this.#place(ring, filled + buffers - 1);
    this.#packetBytes[last] = bytes;
    this.#packetNs[last] = nowNs;
    this.#filled[ring] = filled + buffers;
    return true;
  }

  /** The ledger's row of the oldest buffer; 0 when it was mapped without a bounce. */
  oldestRow(ring: number): number {
    return this.#row[this.#place(ring, 0)] as number;
  }

  /** Bytes of the packet that ends in the oldest buffer, or 0; and when it came. */
  oldestPacketBytes(ring: number): number {
    return this.#packetBytes[this.#place(ring, 0)] as number;
  }

  oldestPacketNs(ring: number): number {
    return this.#packetNs[this.#place(ring, 0)] as number;
  }

  /** The oldest buffer, a filled one, was unmapped. */
  dropOldest(ring: number): void {
    this.#oldest[ring] = ((this.#oldest[ring] as number) + 1) % this.#capacity;
    this.#count[ring] = (this.#count[ring] as number) - 1;
    this.#filled[ring] = (this.#filled[ring] as number) - 1;
    this.posted--;
  }

  /** Address of the next buffer to post. Asking again before `post` gives the next one. */
  nextAddress(ring: number, memory: MemoryMap, chance: Chance, high: number): number {
    let used = this.#blockUsed[ring] as number;
    if (used + RECEIVE_BUFFER_BYTES > RECEIVE_BLOCK_BYTES) {
      this.#blockBase[ring] = memory.drawPage(chance, chance.hits(high));
      used = 0;
    }
    this.#blockUsed[ring] = used + RECEIVE_BUFFER_BYTES;
    return (this.#blockBase[ring] as number) + used;
  }

  /** Posts a mapped buffer. @param row the ledger's row, or 0 when it needed no bounce. */
  post(ring: number, row: number): void {
    this.#row[this.#place(ring, this.#count[ring] as number)] = row;
    this.#count[ring] = (this.#count[ring] as number) + 1;
    this.posted++;
  }

  keep(k: Keeper): void {
    this.target = k.value(this.target);
    this.posted = k.value(this.posted);
    k.array(this.polling);
    k.array(this.refilling);
    k.array(this.interruptNs);
    k.array(this.refillNs);
    k.array(this.#oldest);
    k.array(this.#count);
    k.array(this.#filled);
    k.array(this.#blockBase);
    k.array(this.#blockUsed);
    k.array(this.#row);
    k.array(this.#packetBytes);
    k.array(this.#packetNs);
  }

  /** Place of the buffer `behind` the oldest one. */
  #place(ring: number, behind: number): number {
    return ring * this.#capacity + (((this.#oldest[ring] as number) + behind) % this.#capacity);
  }
}
