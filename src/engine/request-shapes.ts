/**
 * How a request's buffer lies in memory, and what its driver maps for it.
 *
 * A buffer is pages, and how often one page follows the other physically is the device's
 * `contiguity`: 1 gives one piece, small values the page-by-page lists that recordings of cached
 * file reads show. Each piece is one map.
 */
import type { Chance } from './chance.ts';
import {
  LINEAR_PACKET_BYTES,
  PACKET_HEAD_BYTES,
  VIRTIO_DESCRIPTOR_BYTES,
  VIRTIO_HEADER_BYTES,
  VIRTIO_STATUS_BYTES,
} from './device-kinds.ts';
import type { MemoryMap } from './memory-map.ts';
import type { Requests } from './requests.ts';
import { PAGE_BYTES } from '../model/geometry.ts';

const BOTH_WAYS = 0;
const TO_DEVICE = 1;
const FROM_DEVICE = 2;
/** Disks count in sectors; a buffer that is not page-aligned begins at a multiple of this. */
const SECTOR_BYTES = 512;
/** Share of block requests whose buffer begins inside a page: direct I/O and file system blocks. */
const OFFSET_SHARE = 0.1;
/** Small structures are allocated at multiples of this. */
const SMALL_ALIGN = 16;
/** virtio-blk puts header and status into one allocation, the status right behind the header. */
const HEADER_TO_STATUS = 16;

/** What limits the pieces of a request. */
export interface ShapeLimits {
  readonly maxSegmentBytes: number;
  readonly maxSegments: number;
  /** Share of buffers above 4 GiB, and of pages that follow their neighbour. */
  readonly highMemoryShare: number;
  readonly contiguity: number;
  /** Whole pages that are mapped both ways: the buffer is another driver's. */
  readonly imports?: boolean;
}

/** Draws the segments of requests into their rows. */
export class RequestShapes {
  readonly #requests: Requests;
  readonly #memory: MemoryMap;
  readonly #chance: Chance;

  constructor(requests: Requests, memory: MemoryMap, chance: Chance) {
    this.#requests = requests;
    this.#memory = memory;
    this.#chance = chance;
  }

  /**
   * Gives a disk request the pieces of a new buffer of `bytes` bytes.
   *
   * @returns the bytes that fit; the rest needs a further request, as the block layer splits.
   */
  addBuffer(request: number, bytes: number, limits: ShapeLimits): number {
    const requests = this.#requests;
    const chance = this.#chance;
    const high = chance.hits(limits.highMemoryShare);
    const { imports = false } = limits;
    const oneWay = requests.reads[request] === 1 ? FROM_DEVICE : TO_DEVICE;
    const direction = imports ? BOTH_WAYS : oneWay;
    let offset = imports ? 0 : this.#offset(bytes);
    let left = bytes;
    for (let pieces = 0; left > 0 && pieces < limits.maxSegments; pieces++) {
      const address = this.#memory.drawPage(chance, high) + offset;
      const piece = Math.min(left, limits.maxSegmentBytes, this.#pieceBytes(offset, left, limits));
      requests.addSegment(request, address, piece, direction);
      left -= piece;
      offset = 0;
    }
    return bytes - left;
  }

  /** virtio-blk: header in front of the data, status and indirect table behind. */
  addVirtioBlock(request: number, bytes: number, limits: ShapeLimits): number {
    const requests = this.#requests;
    const address = this.#smallAddress(VIRTIO_HEADER_BYTES + VIRTIO_STATUS_BYTES);
    requests.addSegment(request, address, VIRTIO_HEADER_BYTES, TO_DEVICE);
    const fitted = this.addBuffer(request, bytes, limits);
    requests.addSegment(request, address + HEADER_TO_STATUS, VIRTIO_STATUS_BYTES, FROM_DEVICE);
    const tableBytes = (requests.count[request] as number) * VIRTIO_DESCRIPTOR_BYTES;
    requests.addSegment(request, this.#smallAddress(tableBytes), tableBytes, TO_DEVICE);
    return fitted;
  }

  /** A packet to send: one piece if it is small, else its head and up to 17 fragments. */
  addPacket(request: number, bytes: number, limits: ShapeLimits): void {
    const requests = this.#requests;
    const high = this.#chance.hits(limits.highMemoryShare);
    if (bytes <= LINEAR_PACKET_BYTES) {
      requests.addSegment(request, this.#packetAddress(bytes, high), bytes, TO_DEVICE);
      return;
    }
    const head = this.#packetAddress(PACKET_HEAD_BYTES, high);
    requests.addSegment(request, head, PACKET_HEAD_BYTES, TO_DEVICE);
    let left = bytes - PACKET_HEAD_BYTES;
    for (let piece = 0; left > 0 && piece < limits.maxSegments; piece++) {
      const size = Math.min(left, limits.maxSegmentBytes);
      requests.addSegment(request, this.#memory.drawPage(this.#chance, high), size, TO_DEVICE);
      left -= size;
    }
  }

  /** Where in its first page a buffer begins. */
  #offset(bytes: number): number {
    const chance = this.#chance;
    if (bytes < SECTOR_BYTES) {
      return chance.below((PAGE_BYTES - bytes) / SMALL_ALIGN) * SMALL_ALIGN;
    }
    if (!chance.hits(OFFSET_SHARE)) return 0;
    return chance.below(PAGE_BYTES / SECTOR_BYTES) * SECTOR_BYTES;
  }

  /** Bytes until the first page that does not follow its neighbour. */
  #pieceBytes(offset: number, left: number, { contiguity }: ShapeLimits): number {
    if (contiguity >= 1) return left;
    let bytes = PAGE_BYTES - offset;
    while (bytes < left && this.#chance.hits(contiguity)) bytes += PAGE_BYTES;
    return Math.min(bytes, left);
  }

  /** A small kernel structure, anywhere in low memory. */
  #smallAddress(bytes: number): number {
    const places = Math.floor((PAGE_BYTES - Math.min(bytes, PAGE_BYTES)) / SMALL_ALIGN) + 1;
    const page = this.#memory.drawPage(this.#chance, false);
    return page + this.#chance.below(places) * SMALL_ALIGN;
  }

  /** Packet data begins behind the room kept for headers. */
  #packetAddress(bytes: number, high: boolean): number {
    const page = this.#memory.drawPage(this.#chance, high);
    const headroom = 254;
    return bytes + headroom <= PAGE_BYTES ? page + headroom : page;
  }
}
