/** The small parts of the ledger: owner bytes, size classes, and a device's rate meter. */
import type { Keeper } from '../model/keeper.ts';
import {
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_LAST,
  OWNER_PADDING,
  SIZE_CLASSES,
  SIZE_EDGES,
} from './frame.ts';

/** Owner code of a device: its index + 1; devices past the fourteenth share 15, "unknown". */
export function ownerOfDevice(device: number): number {
  return device >= 0 && device < OWNER_DEVICE_MASK - 1 ? device + 1 : OWNER_DEVICE_MASK;
}

/** Writes the owner bytes of a mapping of `nslots` slots, the first `padSlots` of them padding. */
export function paintOwner(
  owner: Uint8Array,
  first: number,
  nslots: number,
  padSlots: number,
  code: number,
): void {
  const end = first + nslots;
  for (let slot = first; slot < end; slot++) owner[slot] = code;
  for (let slot = first; slot < first + padSlots; slot++) owner[slot] = code | OWNER_PADDING;
  owner[first] = (owner[first] as number) | OWNER_FIRST;
  owner[end - 1] = (owner[end - 1] as number) | OWNER_LAST;
}

/** Slots of the mapping painted from `first` on; 0 when none begins there. */
export function paintedSlots(owner: Uint8Array, first: number): number {
  if (((owner[first] as number) & OWNER_FIRST) === 0) return 0;
  let end = first;
  while (end < owner.length && ((owner[end] as number) & OWNER_LAST) === 0) end++;
  return end - first + 1;
}

/** Clears the owner bytes of the mapping painted from `first` on. @returns its slots, 0 if none. */
export function clearOwner(owner: Uint8Array, first: number): number {
  let slot = first;
  let byte = owner[slot] as number;
  if ((byte & OWNER_FIRST) === 0) return 0;
  for (;;) {
    owner[slot++] = 0;
    if ((byte & OWNER_LAST) !== 0 || slot === owner.length) return slot - first;
    byte = owner[slot] as number;
  }
}

/** Padding slots at the head of the mapping painted from `first` on. */
export function paintedPadding(owner: Uint8Array, first: number): number {
  let slot = first;
  while (((owner[slot] ?? 0) & OWNER_PADDING) !== 0) slot++;
  return slot - first;
}

/** Painted runs of a pool; parallel lists. */
interface Painted {
  readonly first: number[];
  /** Slots, padding and owner byte in 16 + 8 + 8 bits. */
  readonly shape: number[];
}

/** Keeps the owner bytes of a pool and the rows at the first slots of its mappings. */
export function keepOwners(k: Keeper, owner: Uint8Array, rowAt: Uint32Array): void {
  const { first, shape }: Painted = k.loads ? { first: [], shape: [] } : paintedIn(owner);
  k.words(first);
  k.words(shape);
  if (k.loads) {
    owner.fill(0);
    first.forEach((slot, at) => {
      const packed = shape[at] as number;
      paintOwner(owner, slot, packed >>> 16, (packed >>> 8) & 0xff, packed & 0xff);
    });
  }
  // A row means something at the first slot of a mapping only.
  k.picked(rowAt, first);
}

function paintedIn(owner: Uint8Array): Painted {
  const painted: Painted = { first: [], shape: [] };
  const words = new Int32Array(owner.buffer, owner.byteOffset, owner.length >> 2);
  for (let slot = 0; slot < owner.length;) {
    // Free slots are passed over four at a time.
    if ((slot & 3) === 0 && words[slot >> 2] === 0) {
      slot += 4;
      continue;
    }
    const nslots = owner[slot] === 0 ? 0 : paintedSlots(owner, slot);
    if (nslots > 0) {
      const code =
        (owner[slot + nslots - 1] as number) & ~(OWNER_LAST | OWNER_FIRST | OWNER_PADDING);
      painted.first.push(slot);
      painted.shape.push((nslots << 16) | (paintedPadding(owner, slot) << 8) | code);
    }
    slot += Math.max(1, nslots);
  }
  return painted;
}

/** Which of the size counters `bytes` belongs to, 0 to `SIZE_CLASSES` - 1. */
export function sizeClass(bytes: number): number {
  let size = 0;
  while (size < SIZE_CLASSES - 1 && bytes > (SIZE_EDGES[size] as number)) size++;
  return size;
}

/** Requests are counted in windows of this length: 10 virtual ms. */
const WINDOW_NS = 10_000_000;
/** Rate and latency are averaged over so many windows, lest a load in bursts look like two loads. */
const WINDOWS = 4;

interface Window {
  readonly done: number;
  readonly latencyNs: number;
}

/** Requests finished a second and their mean latency, over the last whole windows. */
export class DeviceMeter {
  ratePerSecond = 0;
  /** 0 when the last windows saw no request end. */
  meanLatencyNs = 0;
  readonly #windows: Window[] = [];
  #sinceNs = 0;
  #done = 0;
  #latencyNs = 0;

  note(latencyNs: number, timeNs: number): void {
    this.settle(timeNs);
    this.#done++;
    this.#latencyNs += latencyNs;
  }

  /** Closes the windows that are over: on a grid, so that it is the same whoever looks when. */
  settle(timeNs: number): void {
    if (timeNs - this.#sinceNs < WINDOW_NS) return;
    // Of a long silence only the last windows count.
    const silent = Math.floor((timeNs - this.#sinceNs) / WINDOW_NS) - 1 - WINDOWS;
    this.#close();
    if (silent > 0) this.#sinceNs += silent * WINDOW_NS;
    while (timeNs - this.#sinceNs >= WINDOW_NS) this.#close();
    const sum = (field: keyof Window) =>
      this.#windows.reduce((total, window) => total + window[field], 0);
    const done = sum('done');
    this.ratePerSecond = (done * 1e9) / (this.#windows.length * WINDOW_NS);
    this.meanLatencyNs = done > 0 ? sum('latencyNs') / done : 0;
  }

  keep(k: Keeper): void {
    this.ratePerSecond = k.value(this.ratePerSecond);
    this.meanLatencyNs = k.value(this.meanLatencyNs);
    k.list(this.#windows);
    this.#sinceNs = k.value(this.#sinceNs);
    this.#done = k.value(this.#done);
    this.#latencyNs = k.value(this.#latencyNs);
  }

  #close(): void {
    this.#windows.push({ done: this.#done, latencyNs: this.#latencyNs });
    if (this.#windows.length > WINDOWS) this.#windows.shift();
    this.#sinceNs += WINDOW_NS;
    this.#done = 0;
    this.#latencyNs = 0;
  }
}
