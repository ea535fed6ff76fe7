/**
 * Where things lie in the machine's physical memory: RAM below and above 4 GiB, the bounce-buffer
 * pool near the top of the lower part, and the buffers that drivers ask to map.
 *
 * x86 with the usual hole for devices below 4 GiB, or a Raspberry Pi 4, whose line between low and
 * high memory is at 1 GiB. Differs from a real machine in that buffers are drawn evenly over what is
 * left; only their place in low or high memory, their offset in the page and their contiguity matter
 * to the allocator.
 */
import type { Chance } from './chance.ts';
import type { Board } from './scenario.ts';
import { PAGE_BYTES } from '../model/geometry.ts';

const MIB = 1_048_576;
const FOUR_GIB = 4_294_967_296;
/** RAM ends here below the device hole; the rest is moved above 4 GiB. */
const LOW_RAM_LIMIT = 3 * 1024 * MIB;

/** What lies where on a board: low memory is what its poorest devices reach. */
interface BoardFacts {
  /** Low RAM ends here at the latest; the rest lies from `highStart` on. */
  readonly lowLimit: number;
  readonly highStart: number;
  /** Whether the rest is moved behind the hole, or what lies in the hole is lost to the kernel. */
  readonly movesRest: boolean;
  readonly highLimit: number;
  /** First address above zone DMA. */
  readonly dmaEnd: number;
}

const BOARDS: { readonly [board in Board]: BoardFacts } = {
  pc: {
    lowLimit: LOW_RAM_LIMIT,
    highStart: FOUR_GIB,
    movesRest: true,
    highLimit: Infinity,
    dmaEnd: 16 * MIB,
  },
  /**
   * Raspberry Pi 4: firmware keeps the last 76 MiB of the first GiB, peripherals lie from
   * 0xfc000000 on; zone DMA is what `dma-ranges` lets every device reach, 1 GiB
   * (`zone_sizes_init()`, arch/arm64/mm/init.c, Linux 6.12).
   */
  rpi4: {
    lowLimit: 948 * MIB,
    highStart: 1024 * MIB,
    movesRest: false,
    highLimit: 0xfc00_0000,
    dmaEnd: 1024 * MIB,
  },
};
/**
 * What firmware, kernel image and initrd keep at the top of low RAM: in the recordings of a 1 GiB
 * guest the pool ends 26 MiB below the end of memory.
 */
const TOP_RESERVED = 26 * MIB;
/** Kernel image and the lowest memory, never given to drivers. */
const BOTTOM_RESERVED = 16 * MIB;
/** The kernel's image from there on, with what it keeps beside it. */
const KERNEL_BYTES = 48 * MIB;
/** Room kept behind a drawn page, so that the longest buffer still lies in RAM. */
const LONGEST_BUFFER = 2 * MIB;

/** What lies at an address: firmware's memory, the kernel's image, RAM for all, or none at all. */
export type MemoryRegion = 'firmware' | 'kernel' | 'ram' | 'hole';

/** The physical memory of one machine. Addresses in bytes. */
export class MemoryMap {
  /** First address behind RAM below 4 GiB. */
  readonly lowEnd: number;
  /** First address behind all RAM. */
  readonly end: number;
  /** First address behind what boot may still reserve below 4 GiB. */
  #top: number;
  /** First address above zone DMA. */
  readonly dmaEnd: number;
  readonly #highStart: number;
  #poolBase: number;

  /** @param memoryMiB RAM in MiB, 64 at least. */
  constructor(memoryMiB: number, board: Board = 'pc') {
    const { lowLimit, highStart, movesRest, highLimit, dmaEnd } = BOARDS[board];
    const bytes = memoryMiB * MIB;
    this.lowEnd = Math.min(bytes, lowLimit);
    const highEnd = movesRest ? highStart + bytes - lowLimit : Math.min(bytes, highLimit);
    this.end = bytes > lowLimit ? Math.max(highEnd, this.lowEnd) : bytes;
    this.dmaEnd = dmaEnd;
    this.#highStart = highStart;
    this.#top = this.lowEnd - TOP_RESERVED;
    this.#poolBase = this.#top;
  }

  /** Whether some RAM lies above 4 GiB (on a Raspberry Pi 4, 1 GiB), out of reach of some device. */
  get hasHighMemory(): boolean {
    return this.end > this.#highStart;
  }

  /**
   * Boot memory for the pool, from the top of low RAM downwards.
   *
   * @param align bytes, a power of two.
   * @returns its address, or -1.
   */
  reserve(bytes: number, align: number = PAGE_BYTES): number {
    const base = Math.floor((this.#top - bytes) / align) * align;
    if (base < BOTTOM_RESERVED + LONGEST_BUFFER) return -1;
    this.#poolBase = base;
    return base;
  }

  /**
   * Memory that firmware keeps from everybody but one device, above the pool: to be asked for before
   * the pool is.
   *
   * @returns its address, or -1.
   */
  reserveRegion(bytes: number): number {
    const base = this.reserve(bytes);
    if (base !== -1) this.#top = base;
    return base;
  }

  /**
   * RAM that boot hands to the page allocator, ascending: not the first MiB, not the kernel's image,
   * not the pool nor what lies above it below 4 GiB.
   *
   * @returns first byte of each piece, and first byte behind it.
   */
  usable(): readonly { readonly from: number; readonly to: number }[] {
    const high = this.hasHighMemory ? [{ from: this.#highStart, to: this.end }] : [];
    return [
      { from: MIB, to: BOTTOM_RESERVED },
      { from: BOTTOM_RESERVED + KERNEL_BYTES, to: this.#poolBase },
      ...high,
    ];
  }

  /** What lies at a byte. The pool's own memory, reserved at boot, counts as RAM. */
  regionAt(byte: number): MemoryRegion {
    if (byte < MIB) return 'firmware';
    if (byte >= this.end || (byte >= this.lowEnd && byte < this.#highStart)) return 'hole';
    if (byte >= BOTTOM_RESERVED && byte < BOTTOM_RESERVED + KERNEL_BYTES) return 'kernel';
    return byte >= this.lowEnd - TOP_RESERVED && byte < this.lowEnd ? 'firmware' : 'ram';
  }

  /** A page where a buffer of up to 1 MiB may begin, in high memory or in low. */
  drawPage(chance: Chance, high: boolean): number {
    const upper = high && this.hasHighMemory;
    const from = upper ? this.#highStart : BOTTOM_RESERVED;
    const to = (upper ? this.end : this.#poolBase) - LONGEST_BUFFER;
    const pages = Math.max(1, Math.floor((to - from) / PAGE_BYTES));
    return from + chance.below(pages) * PAGE_BYTES;
  }
}
