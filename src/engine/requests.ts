/**
 * The requests under way, a row each, with the segments they map: structure of arrays, rows used
 * again, nothing allocated per request.
 *
 * Typed arrays are read with `as number`: rows come from `take`, segments lie below `count`.
 */

import { filledFrom } from './grown-array.ts';
import type { Keeper } from '../model/keeper.ts';

/** Segments of one request at most: AHCI_MAX_SG. */
export const MAX_SEGMENTS = 168;
const FIRST_ROWS = 256;
/** In place of a request: there is none. */
export const NO_REQUEST = -1;

/** Rows of buffers with pages of their own begin here; those of the ledger lie below. */
export const OWN_ROW = 0x8000_0000;

/** What is being done for a request. */
export const STAGE = {
  free: 0,
  /** A CPU maps its segments, or will. */
  mapping: 1,
  /** A map failed; a CPU unmaps what was mapped before it. */
  undoing: 2,
  /** With the device, or waiting for it. */
  device: 3,
  /** A CPU unmaps its segments, or will. */
  unmapping: 4,
  /** Waits for its next try. */
  waiting: 5,
  /** Not a request: the poll job of a receive ring. */
  polling: 6,
  /** Its task sleeps in the throttle, or was woken and does not run yet. */
  blocked: 7,
  /** Mapped, but the device has not been told. */
  unrung: 8,
  /** The device has finished it, and nobody polls for it. */
  unreaped: 9,
  /** Not a request: the growth worker. */
  growing: 10,
  /** A buffer of its own memory: a CPU gets it by `dma_alloc_*`, or gives it back. */
  allocating: 11,
  freeing: 12,
  /** Its task sleeps in the page allocator, or was woken and does not run yet. */
  noMemory: 13,
} as const;

/** The rows of the requests under way; a row is valid from `take` to `give`. */
export class Requests {
  device = new Uint8Array(FIRST_ROWS);
  stage = new Uint8Array(FIRST_ROWS);
  /** CPU that submits, and CPU that completes. */
  cpu = new Uint8Array(FIRST_ROWS);
  doneCpu = new Uint8Array(FIRST_ROWS);
  /** 1 when the device writes the data (a read), 0 when it reads it. */
  reads = new Uint8Array(FIRST_ROWS);
  /** Segments in all, and the next one to work on. */
  count = new Uint8Array(FIRST_ROWS);
  position = new Uint8Array(FIRST_ROWS);
  /** Segments to unmap: all of them, or those mapped before the failure. */
  mapped = new Uint8Array(FIRST_ROWS);
  /** 1 when the copy that precedes the next unmap is already paid for. */
  paid = new Uint8Array(FIRST_ROWS);
  /** How far it has come at the throttle's gate, a `GATE`. */
  gate = new Uint8Array(FIRST_ROWS);
  /** 1 when the doorbell is rung behind it. */
  bell = new Uint8Array(FIRST_ROWS);
  /** Task or kworker that submits it, and the task that wished for it. */
  task = new Int32Array(FIRST_ROWS);
  owner = new Int32Array(FIRST_ROWS);
  /** When its last segment was mapped, virtual ns. */
  mappedNs = new Float64Array(FIRST_ROWS);
  /** When it gives up waiting in the throttle, virtual ns. */
  giveUpNs = new Float64Array(FIRST_ROWS);
  bytes = new Uint32Array(FIRST_ROWS);
  /** When the upper layer asked, virtual ns. */
  bornNs = new Float64Array(FIRST_ROWS);
  /** Counts requests from 1. */
  serial = new Float64Array(FIRST_ROWS);
  /** The next request in the queue it stands in; it stands in one at most. */
  next = new Int32Array(FIRST_ROWS);
  /** Segments, `MAX_SEGMENTS` a request: address, bytes, direction, and the ledger's row. */
  segmentAddress = new Float64Array(FIRST_ROWS * MAX_SEGMENTS);
  segmentBytes = new Uint32Array(FIRST_ROWS * MAX_SEGMENTS);
  segmentDirection = new Uint8Array(FIRST_ROWS * MAX_SEGMENTS);
  /** 0 for a segment that needed no bounce. */
  segmentRow = new Uint32Array(FIRST_ROWS * MAX_SEGMENTS);
  #free = NO_REQUEST;
  #used = 0;
  #taken = 0;

  /** A free row; `next` is cleared, everything else is as its last user left it. */
  take(): number {
    let row = this.#free;
    if (row === NO_REQUEST) {
      if (this.#used === this.device.length) this.#grow();
      row = this.#used++;
    } else {
      this.#free = this.next[row] as number;
    }
    this.next[row] = NO_REQUEST;
    this.serial[row] = ++this.#taken;
    return row;
  }

  /** Gives a row back. */
  give(row: number): void {
    this.stage[row] = STAGE.free;
    this.next[row] = this.#free;
    this.#free = row;
  }

  /** Adds a segment to a request that is being made. */
  addSegment(row: number, address: number, bytes: number, direction: number): void {
    const count = this.count[row] as number;
    const at = row * MAX_SEGMENTS + count;
    this.segmentAddress[at] = address;
    this.segmentBytes[at] = bytes;
    this.segmentDirection[at] = direction;
    this.count[row] = count + 1;
  }

  keep(k: Keeper): void {
    this.#free = k.value(this.#free);
    this.#used = k.value(this.#used);
    this.#taken = k.value(this.#taken);
    this.device = k.array(this.device);
    this.stage = k.array(this.stage);
    this.cpu = k.array(this.cpu);
    this.doneCpu = k.array(this.doneCpu);
    this.reads = k.array(this.reads);
    this.count = k.array(this.count);
    this.position = k.array(this.position);
    this.mapped = k.array(this.mapped);
    this.paid = k.array(this.paid);
    this.gate = k.array(this.gate);
    this.bell = k.array(this.bell);
    this.task = k.array(this.task);
    this.owner = k.array(this.owner);
    this.mappedNs = k.array(this.mappedNs);
    this.giveUpNs = k.array(this.giveUpNs);
    this.bytes = k.array(this.bytes);
    this.bornNs = k.array(this.bornNs);
    this.serial = k.array(this.serial);
    this.next = k.array(this.next);
    this.segmentAddress = k.room(this.segmentAddress);
    this.segmentBytes = k.room(this.segmentBytes);
    this.segmentDirection = k.room(this.segmentDirection);
    this.segmentRow = k.room(this.segmentRow);
    // Nobody reads the segments of a row that is free, nor those behind its count.
    for (let row = 0; row < this.#used; row++) {
      const from = row * MAX_SEGMENTS;
      const to = from + (this.stage[row] === STAGE.free ? 0 : (this.count[row] as number));
      k.span(this.segmentAddress, from, to);
      k.span(this.segmentBytes, from, to);
      k.span(this.segmentDirection, from, to);
      k.span(this.segmentRow, from, to);
    }
  }

  #grow(): void {
    const rows = this.device.length * 2;
    this.device = longerBytes(this.device, rows);
    this.stage = longerBytes(this.stage, rows);
    this.cpu = longerBytes(this.cpu, rows);
    this.doneCpu = longerBytes(this.doneCpu, rows);
    this.reads = longerBytes(this.reads, rows);
    this.count = longerBytes(this.count, rows);
    this.position = longerBytes(this.position, rows);
    this.mapped = longerBytes(this.mapped, rows);
    this.paid = longerBytes(this.paid, rows);
    this.gate = longerBytes(this.gate, rows);
    this.bell = longerBytes(this.bell, rows);
    this.task = filledFrom(new Int32Array(rows), this.task);
    this.owner = filledFrom(new Int32Array(rows), this.owner);
    this.mappedNs = filledFrom(new Float64Array(rows), this.mappedNs);
    this.giveUpNs = filledFrom(new Float64Array(rows), this.giveUpNs);
    this.bytes = filledFrom(new Uint32Array(rows), this.bytes);
    this.bornNs = filledFrom(new Float64Array(rows), this.bornNs);
    this.serial = filledFrom(new Float64Array(rows), this.serial);
    this.next = filledFrom(new Int32Array(rows), this.next);
    const segments = rows * MAX_SEGMENTS;
    this.segmentAddress = filledFrom(new Float64Array(segments), this.segmentAddress);
    this.segmentBytes = filledFrom(new Uint32Array(segments), this.segmentBytes);
    this.segmentDirection = longerBytes(this.segmentDirection, segments);
    this.segmentRow = filledFrom(new Uint32Array(segments), this.segmentRow);
  }
}

function longerBytes(old: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  return filledFrom(new Uint8Array(length), old);
}

/** First-in-first-out queues of requests, by number: one per CPU, or one per device. */
export class RequestQueues {
  readonly #requests: Requests;
  readonly #head: Int32Array;
  readonly #tail: Int32Array;

  constructor(requests: Requests, queues: number) {
    this.#requests = requests;
    this.#head = new Int32Array(queues).fill(NO_REQUEST);
    this.#tail = new Int32Array(queues).fill(NO_REQUEST);
  }

  isEmpty(queue: number): boolean {
    return this.#head[queue] === NO_REQUEST;
  }

  /** Puts a request at the end. */
  push(queue: number, request: number): void {
    const last = this.#tail[queue] as number;
    this.#requests.next[request] = NO_REQUEST;
    if (last === NO_REQUEST) this.#head[queue] = request;
    else this.#requests.next[last] = request;
    this.#tail[queue] = request;
  }

  keep(k: Keeper): void {
    k.array(this.#head);
    k.array(this.#tail);
  }

  /** Takes the first request, or `NO_REQUEST`. */
  shift(queue: number): number {
    const first = this.#head[queue] as number;
    if (first === NO_REQUEST) return NO_REQUEST;
    const next = this.#requests.next[first] as number;
    this.#head[queue] = next;
    if (next === NO_REQUEST) this.#tail[queue] = NO_REQUEST;
    return first;
  }
}
