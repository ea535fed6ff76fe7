/**
 * The search of one area as the text of the kernel has it: byte addresses, 64-bit masks, arbitrary
 * precision. Slow, and sharing nothing with the model: what both slot tables are held against.
 *
 * Follows swiotlb_search_pool_area() in kernel/dma/swiotlb.c, Linux 6.12.
 */

/** An area to search. `list` gives the free run from a slot of the pool to its segment's end. */
export interface LiteralArea {
  readonly base: bigint;
  readonly areaStart: number;
  readonly areaSlots: number;
  readonly index: number;
  readonly list: (slot: number) => number;
}

/** What is asked; every mask as the driver set it. */
export interface LiteralRequest {
  readonly orig: bigint;
  readonly total: bigint;
  readonly allocAlignMask: bigint;
  readonly minAlignMask: bigint;
  readonly segBoundary: bigint;
}

/** The slot found (-1 = none) and how many slots were looked at. */
export interface LiteralAnswer {
  readonly slot: number;
  readonly probes: number;
}

const SLOT = 2048n;

/** The masks after the kernel's adjustments, and what follows from them. */
function termsOf(area: LiteralArea, request: LiteralRequest) {
  const { orig, total, minAlignMask, segBoundary } = request;
  let align = request.allocAlignMask;
  if (align === 0n && minAlignMask === 0n && total >= 4096n) align = 4095n;
  align |= SLOT - 1n;
  const above = minAlignMask & ~align;
  const widest = align > above ? align : above;
  return {
    orig,
    align,
    above,
    stride: Number(widest / SLOT) + 1,
    base: area.base & segBoundary,
    boundarySlots: segBoundary / SLOT + 1n,
    slots: (total + SLOT - 1n) / SLOT,
  };
}

type Terms = ReturnType<typeof termsOf>;

function isAligned(terms: Terms, slot: number): boolean {
  const addr = terms.base + BigInt(slot) * SLOT;
  if ((addr & terms.align) !== 0n) return false;
  return terms.orig === 0n || (addr & terms.above) === (terms.orig & terms.above);
}

function spansBoundary({ base, boundarySlots, slots }: Terms, slot: number): boolean {
  const shift = (base + SLOT - 1n) / SLOT + BigInt(slot);
  return (shift & (boundarySlots - 1n)) + slots > boundarySlots;
}

/** Searches the area slot by slot, stride by stride. */
export function literalSearch(area: LiteralArea, request: LiteralRequest): LiteralAnswer {
  const terms = termsOf(area, request);
  let { index } = area;
  let probes = 0;
  for (let checked = 0; checked < area.areaSlots;) {
    const slot = area.areaStart + index;
    probes++;
    let step = 1;
    if (isAligned(terms, slot)) {
      const fits = BigInt(area.list(slot)) >= terms.slots;
      if (fits && !spansBoundary(terms, slot)) return { slot, probes };
      step = terms.stride;
    }
    checked += step;
    index += step;
    if (index >= area.areaSlots) index = 0;
  }
  return { slot: -1, probes };
}
