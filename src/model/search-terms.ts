/**
 * One request, turned into whole slots of one pool.
 *
 * Follows the head of swiotlb_search_pool_area() in kernel/dma/swiotlb.c, Linux 6.12. The kernel
 * tests byte addresses with masks; `&` in JavaScript keeps 32 bits and addresses need more. All
 * masks are 2^k - 1, so "these address bits must equal those" is "this slot number leaves that
 * remainder", and the loop that follows sees small integers only.
 *
 * One object is filled again for every search, so that mapping allocates nothing.
 */
import type { DmaDemands } from './demands.ts';
import { PAGE_BYTES, SLOT_BYTES } from './geometry.ts';
import { bitsUnder } from './mask.ts';
import type { Keeper } from './keeper.ts';

export class SearchTerms {
  /** Slots the run must have. */
  slots = 0;
  /** Bytes to reserve: the request, its offset, and the padding of alloc_align_mask. */
  total = 0;
  /** Low address bits kept inside the first slot: `orig & min_align_mask & 2047`. */
  low = 0;
  /** The kernel's step between aligned candidates that do not fit, in slots. */
  stride = 1;
  /** Slots from one aligned candidate to the next one visited: `stride` up to a multiple of `every`. */
  step = 1;
  /** A run may start where `slot % every` is `residue`. A power of two. */
  every = 1;
  residue = 0;
  /** A run may not cross slots where `(slot + boundaryPhase) % boundary` is 0; 0 = no boundary. */
  boundary = 0;
  boundaryPhase = 0;

  #start = 0;
  #reach = 0;
  #wanted = 0;

  /** Sets what does not depend on the pool. `allocAlignMask` is 2^k - 1. */
  ask(demands: DmaDemands, orig: number, total: number, allocAlignMask: number): void {
    const minMask = demands.minAlignMask;
    // A request of a page or more with no alignment of its own is page-aligned; 2049..4095 is not.
    const pageRule = allocAlignMask === 0 && minMask === 0 && total >= PAGE_BYTES;
    const alignMask = Math.max(pageRule ? PAGE_BYTES - 1 : allocAlignMask, SLOT_BYTES - 1);
    const above = minMask > alignMask ? minMask - alignMask : 0;
    this.total = total;
    this.slots = Math.ceil(total / SLOT_BYTES);
    this.low = minMask === 0 ? 0 : bitsUnder(orig, Math.min(minMask, SLOT_BYTES - 1));
    this.stride = Math.floor(Math.max(alignMask, above) / SLOT_BYTES) + 1;
    // orig 0 means "no original buffer": nothing to line up with.
    const follows = above > 0 && orig !== 0;
    this.#reach = follows ? minMask + 1 : alignMask + 1;
    this.#wanted = follows ? bitsUnder(orig, minMask) - bitsUnder(orig, alignMask) : 0;
    this.every = this.#reach / SLOT_BYTES;
    this.step = Math.ceil(this.stride / this.every) * this.every;
    this.#start = -1;
  }

  /** Sets what depends on where the pool starts. */
  aim(poolStart: number, segBoundary: number): void {
    if (this.#start === poolStart) return;
    this.#start = poolStart;
    // The kernel tests addresses after masking the pool's start (not the slot) with the boundary.
    const base = segBoundary === Infinity ? poolStart : bitsUnder(poolStart, segBoundary);
    const phase = bitsUnder(base, this.#reach - 1) / SLOT_BYTES;
    const { every } = this;
    // `every` is a power of two below 2^22: the low bits are the remainder.
    this.residue = (this.#wanted / SLOT_BYTES + every - phase) & (every - 1);
    if (segBoundary === Infinity) {
      this.boundary = 0;
      return;
    }
    this.boundary = Math.floor(segBoundary / SLOT_BYTES) + 1;
    this.boundaryPhase = bitsUnder(base / SLOT_BYTES, this.boundary - 1);
  }

  keep(k: Keeper): void {
    this.slots = k.value(this.slots);
    this.total = k.value(this.total);
    this.low = k.value(this.low);
    this.stride = k.value(this.stride);
    this.step = k.value(this.step);
    this.every = k.value(this.every);
    this.residue = k.value(this.residue);
    this.boundary = k.value(this.boundary);
    this.boundaryPhase = k.value(this.boundaryPhase);
    this.#start = k.value(this.#start);
    this.#reach = k.value(this.#reach);
    this.#wanted = k.value(this.#wanted);
  }

  /** Whether a run from `slot` would cross the device's segment boundary. */
  crossesBoundary(slot: number): boolean {
    const { boundary } = this;
    if (boundary === 0) return false;
    return bitsUnder(slot + this.boundaryPhase, boundary - 1) + this.slots > boundary;
  }
}
