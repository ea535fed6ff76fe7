/**
 * The live mappings, a row each, in typed arrays that grow by doubling. Rows of ended mappings are
 * used again, newest first, so the rows in use stay close together.
 */
import { filledFrom } from './grown-array.ts';
import type { Keeper } from '../model/keeper.ts';
import type { MapOutcome } from '../model/map-cursor.ts';

/** Who asked for a map. One object may be filled again and again. */
export interface MapAsk {
  /** Index of the device in the run. */
  device: number;
  cpu: number;
  /** 0 both ways, 1 to device, 2 from device, `ALLOCATED`. */
  direction: number;
  /** Bytes the driver asked for, without padding. */
  size: number;
}

/** In place of a direction: the device's own memory, got by `dma_alloc_*`; nothing is copied. */
export const ALLOCATED = 3;
const FIRST_ROWS = 4096;
/** No mapping has this row. */
export const NO_ROW = 0;

/** The rows of the live mappings; a row number is valid from its map to its unmap. */
export class MappingRows {
  /** Counts mappings from 1; 0 marks a row that is not live. */
  #serial = new Float64Array(FIRST_ROWS);
  #timeNs = new Float64Array(FIRST_ROWS);
  #tlb = new Float64Array(FIRST_ROWS);
  #size = new Uint32Array(FIRST_ROWS);
  #probes = new Uint32Array(FIRST_ROWS);
  /** Device, CPU and direction in 16 + 14 + 2 bits. */
  #who = new Uint32Array(FIRST_ROWS);
  #areas = new Uint16Array(FIRST_ROWS);
  #pool = new Int32Array(FIRST_ROWS);
  /** Chain of free rows. */
  #nextFree = new Int32Array(FIRST_ROWS);
  #free = NO_ROW;
  #used = 1;
  #count = 0;
  #live = 0;

  /** Live rows. */
  get live(): number {
    return this.#live;
  }

  /** Enters a mapping. @returns its row, from 1. */
  add(ask: MapAsk, outcome: MapOutcome, pool: number, timeNs: number): number {
    let row = this.#free;
    if (row === NO_ROW) {
      row = this.#used++;
      if (row === this.#serial.length) this.#grow();
    } else {
      this.#free = this.#nextFree[row] as number;
    }
    this.#live++;
    this.#serial[row] = ++this.#count;
    this.#timeNs[row] = timeNs;
    this.#tlb[row] = outcome.tlb;
    this.#size[row] = ask.size;
    this.#probes[row] = outcome.probes;
    this.#who[row] = (ask.device & 0xffff) | ((ask.cpu & 0x3fff) << 16) | (ask.direction << 30);
    this.#areas[row] = outcome.areas;
    this.#pool[row] = pool;
    return row;
  }

  /** Ends a mapping. @throws RangeError when the row is not live. */
  remove(row: number): void {
    if (!this.isLive(row)) throw new RangeError(`mapping row ${row} is not live`);
    this.#serial[row] = 0;
    this.#nextFree[row] = this.#free;
    this.#free = row;
    this.#live--;
  }

  isLive(row: number): boolean {
    return row > 0 && row < this.#used && (this.#serial[row] as number) > 0;
  }

  /** Number of the mapping, counted from 1 over the run. */
  serial(row: number): number {
    return this.#serial[row] as number;
  }

  device(row: number): number {
    return (this.#who[row] as number) & 0xffff;
  }

  cpu(row: number): number {
    return ((this.#who[row] as number) >>> 16) & 0x3fff;
  }

  /** 0 both ways, 1 to device, 2 from device, `ALLOCATED`. */
  direction(row: number): 0 | 1 | 2 | typeof ALLOCATED {
    return ((this.#who[row] as number) >>> 30) as 0 | 1 | 2 | typeof ALLOCATED;
  }

  /** When it was mapped, virtual ns. */
  timeNs(row: number): number {
    return this.#timeNs[row] as number;
  }

  /** Bus address of the data. */
  tlb(row: number): number {
    return this.#tlb[row] as number;
  }

  /** Bytes the driver asked for. */
  size(row: number): number {
    return this.#size[row] as number;
  }

  /** Slots the kernel's search looked at, in all areas together. */
  probes(row: number): number {
    return this.#probes[row] as number;
  }

  /** Areas searched. */
  areas(row: number): number {
    return this.#areas[row] as number;
  }

  /** Id of the pool it lies in. */
  pool(row: number): number {
    return this.#pool[row] as number;
  }

  keep(k: Keeper): void {
    this.#serial = k.array(this.#serial);
    this.#timeNs = k.array(this.#timeNs);
    this.#tlb = k.array(this.#tlb);
    this.#size = k.array(this.#size);
    this.#probes = k.array(this.#probes);
    this.#who = k.array(this.#who);
    this.#areas = k.array(this.#areas);
    this.#pool = k.array(this.#pool);
    this.#nextFree = k.array(this.#nextFree);
    this.#free = k.value(this.#free);
    this.#used = k.value(this.#used);
    this.#count = k.value(this.#count);
    this.#live = k.value(this.#live);
  }

  #grow(): void {
    const rows = this.#serial.length * 2;
    this.#serial = filledFrom(new Float64Array(rows), this.#serial);
    this.#timeNs = filledFrom(new Float64Array(rows), this.#timeNs);
    this.#tlb = filledFrom(new Float64Array(rows), this.#tlb);
    this.#size = filledFrom(new Uint32Array(rows), this.#size);
    this.#probes = filledFrom(new Uint32Array(rows), this.#probes);
    this.#who = filledFrom(new Uint32Array(rows), this.#who);
    this.#areas = filledFrom(new Uint16Array(rows), this.#areas);
    this.#pool = filledFrom(new Int32Array(rows), this.#pool);
    this.#nextFree = filledFrom(new Int32Array(rows), this.#nextFree);
  }
}
