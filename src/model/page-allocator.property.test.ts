import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiteralBuddy } from '../testing/literal-buddy.ts';
import { freePages } from '../testing/literal-watermark.ts';
import {
  bootPieces,
  faultsOf,
  freeCounts,
  freeList,
  MIB_PAGES,
  SMALL_MACHINE,
} from '../testing/page-machine.ts';
import { bootMemory, type BootMemory, type PageRange } from './boot-memory.ts';
import { gfp, type GfpKind } from './gfp.ts';
import { CMA, MIGRATE_TYPES, type RequestType } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';
import type { GfpZone } from './page-source.ts';
import { PAGE_ORDERS } from './zone.ts';

const SOAK = process.env['BOUNCESCOPE_SOAK'] === '1';

/** Memory with holes at any page, in up to three zones. */
const machines: fc.Arbitrary<BootMemory> = fc
  .record({
    gaps: fc.array(fc.tuple(fc.nat(700), fc.integer({ min: 1, max: 5000 })), {
      minLength: 1,
      maxLength: 5,
    }),
    normal: fc.nat(6000),
    minFreeKib: fc.integer({ min: 0, max: 4096 }),
  })
  .map(({ gaps, normal, minFreeKib }) => {
    const usable: PageRange[] = [];
    let end = 1;
    for (const [gap, pages] of gaps) {
      usable.push({ startPfn: end + gap, pages });
      end += gap + pages;
    }
    if (normal > 0) usable.push({ startPfn: 2 ** 20, pages: normal });
    return { usable, minFreeKib };
  });

/** Mostly small orders, any kind of request; a free takes one of the live blocks. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        order: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 10 })),
        kind: fc.constantFrom<GfpKind>('kernel', 'nowait', 'atomic'),
        zone: fc.constantFrom<GfpZone>(0, 1, 4),
        type: fc.constantFrom<RequestType>(0, 1, 2),
        times: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
      }),
    },
    { weight: 2, arbitrary: fc.record({ freed: fc.nat(9999), times: fc.nat(40) }) },
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);

/** How a machine was used before: blocks of mixed kinds until memory is out, then most given back. */
const pasts = fc.record({
  orders: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 }),
  types: fc.array(fc.constantFrom<RequestType>(0, 1, 2), { minLength: 1, maxLength: 4 }),
  /** Every so many blocks stay. */
  keep: fc.integer({ min: 1, max: 12 }),
  blocks: fc.oneof(fc.nat(300), fc.constant(4000)),
});

type Past = typeof pasts extends fc.Arbitrary<infer Value> ? Value : never;

function age({ orders, types, keep, blocks }: Past, live: Live[], alloc: Alloc, free: Free): void {
  const taken: Live[] = [];
  for (let block = 0; block < blocks; block++) {
    const order = orders[block % orders.length] ?? 0;
    const pfn = alloc(order, 'nowait', 0, types[block % types.length] ?? 0);
    if (pfn === -1) break;
    taken.push({ pfn, order });
  }
  for (const [at, block] of taken.entries()) {
    if (at % keep === 0) live.push(block);
    else free(block.pfn, block.order);
  }
}

/** How often what is worth comparing happened. */
interface Tally {
  met: number;
  missed: number;
  reserved: number;
  boosted: number;
}

interface Live {
  readonly pfn: number;
  readonly order: number;
}

type Alloc = (order: number, kind: GfpKind, zone: GfpZone, type: RequestType) => number;
type Free = (pfn: number, order: number) => void;
type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

/** Runs a step; `alloc` is asked for blocks, `free` told of those given back. */
function run(step: Step, live: Live[], alloc: Alloc, free: Free): void {
  for (let time = 0; time < step.times; time++) {
    if ('freed' in step) {
      const [block] = live.splice((step.freed + time * 7) % Math.max(live.length, 1), 1);
      if (block !== undefined) free(block.pfn, block.order);
    } else {
      const pfn = alloc(step.order, step.kind, step.zone, step.type);
      if (pfn !== -1) live.push({ pfn, order: step.order });
    }
  }
}

describe('the page allocator on any machine and load', () => {
  it('keeps every page in one block, counts right, and grows free buddies together', () => {
    fc.assert(
      fc.property(machines, pasts, steps, (machine, past, load) => {
        const allocator = new PageAllocator(bootMemory(machine));
        const live: Live[] = [];
        const alloc: Alloc = (order, kind, zone, type) =>
          allocator.alloc(order, gfp(kind, zone, type));
        const free: Free = (pfn, order) => allocator.free(pfn, order);
        allocator.onMigrate = (from, to) => {
          const at = live.findIndex(({ pfn }) => pfn === from);
          live[at] = { pfn: to, order: live[at]?.order ?? -1 };
        };
        age(past, live, alloc, free);
        for (const step of load) run(step, live, alloc, free);
        expect(faultsOf(allocator)).toEqual([]);
        const used = live.reduce((sum, { order }) => sum + 2 ** order, 0);
        const unused = allocator.zones.reduce((sum, zone) => sum + zone.free, 0);
        const managed = allocator.zones.reduce((sum, zone) => sum + zone.managed, 0);
        expect(used + unused).toBe(managed);
      }),
      { numRuns: SOAK ? 5000 : 60 },
    );
  });

  it('gives back the boot state when everything is freed', () => {
    fc.assert(
      fc.property(machines, pasts, steps, (machine, past, load) => {
        const allocator = new PageAllocator(bootMemory(machine));
        allocator.compaction = false;
        const atBoot = allocator.zones.map(freeCounts);
        const live: Live[] = [];
        // Reserves for atomic requests outlive them.
        const alloc: Alloc = (order, kind, zone, type) =>
          allocator.alloc(order, gfp(kind === 'atomic' ? 'nowait' : kind, zone, type));
        const free: Free = (pfn, order) => allocator.free(pfn, order);
        age(past, live, alloc, free);
        for (const step of load) run(step, live, alloc, free);
        for (const { pfn, order } of live) allocator.free(pfn, order);
        expect(allocator.zones.map(freeCounts)).toEqual(atBoot);
        expect(faultsOf(allocator)).toEqual([]);
      }),
      { numRuns: SOAK ? 5000 : 60 },
    );
  });

  it('decides as the slow page map decides, list for list', () => {
    const tally = { met: 0, missed: 0, reserved: 0, boosted: 0 };
    fc.assert(
      fc.property(machines, pasts, steps, (machine, past, load) =>
        compareWithLiteral(machine, past, load, tally),
      ),
      { numRuns: SOAK ? 2000 : 40 },
    );
    expect(tally.met).toBeGreaterThan(100);
    expect(tally.missed).toBeGreaterThan(20);
    expect(tally.boosted).toBeGreaterThan(20);
  });

  it('decides so where pageblocks are reserved for atomic requests', () => {
    // Free memory lies between the min and the low mark from the start.
    const machine = { usable: [{ startPfn: 131_072, pages: 60_000 }], minFreeKib: 200_000 };
    const tally = { met: 0, missed: 0, reserved: 0, boosted: 0 };
    fc.assert(
      fc.property(pasts, steps, (past, load) =>
        compareWithLiteral(machine, { ...past, blocks: past.blocks % 301 }, load, tally),
      ),
      { numRuns: SOAK ? 500 : 8 },
    );
    expect(tally.reserved).toBeGreaterThan(20);
  });

  it('decides so with a CMA region, too', () => {
    const cma = [{ startPfn: 4096 + 8 * MIB_PAGES, pages: 8 * MIB_PAGES }];
    const tally = { met: 0, missed: 0, reserved: 0, boosted: 0 };
    fc.assert(
      fc.property(pasts, steps, (past, load) =>
        compareWithLiteral({ ...SMALL_MACHINE, cma }, past, load, tally),
      ),
      { numRuns: SOAK ? 500 : 12 },
    );
    expect(tally.met).toBeGreaterThan(100);
  });
});

/** A slow allocator in the state that boot left the fast one in. */
function literalOf(machine: BootMemory, allocator: PageAllocator): LiteralBuddy {
  const literal = new LiteralBuddy(
    allocator.zones.map(({ span, managed, marks }) => ({
      id: span.id,
      start: [0, 4096, 2 ** 20][span.id] ?? 0,
      end: [4096, 2 ** 20, Infinity][span.id] ?? 0,
      managed,
      ...marks,
    })),
  );
  const { startPfn, pages } = machine.cma?.[0] ?? { startPfn: 0, pages: 0 };
  const isCma = (pfn: number) => pfn >= startPfn && pfn < startPfn + pages;
  const pieces = machine.usable.flatMap(bootPieces).filter(({ pfn }) => !isCma(pfn));
  for (const { pfn, order } of pieces) literal.boot(pfn, order, true);
  for (let pfn = startPfn; isCma(pfn); pfn += 512) literal.setKind(pfn, CMA);
  for (let pfn = startPfn; isCma(pfn); pfn += 512) literal.boot(pfn, 9, false);
  return literal;
}

function compareWithLiteral(
  machine: BootMemory,
  past: Past,
  load: readonly Step[],
  tally: Tally,
): void {
  const allocator = new PageAllocator(bootMemory(machine));
  allocator.compaction = false;
  const literal = literalOf(machine, allocator);
  compareLists(allocator, literal);
  const live: Live[] = [];
  const alloc: Alloc = (order, kind, zone, type) => {
    const pfn = allocator.alloc(order, gfp(kind, zone, type));
    const highest = ({ 0: 2, 1: 0, 4: 1 } as const)[zone];
    expect(literal.alloc({ order, kind, zone: highest, type })).toBe(pfn);
    tally[pfn === -1 ? 'missed' : 'met']++;
    return pfn;
  };
  const free: Free = (pfn, order) => {
    allocator.free(pfn, order);
    literal.free(pfn, order);
  };
  age(past, live, alloc, free);
  for (const step of load) {
    run(step, live, alloc, free);
    compareLists(allocator, literal);
    for (const { boost, reservedHighatomic } of allocator.zones) {
      if (boost > 0) tally.boosted++;
      if (reservedHighatomic > 0) tally.reserved++;
    }
  }
}

function compareLists(allocator: PageAllocator, literal: LiteralBuddy): void {
  for (const [at, zone] of allocator.zones.entries()) {
    const slow = literal.zones[at];
    if (slow === undefined) throw new RangeError(`no zone ${at}`);
    for (let order = 0; order < PAGE_ORDERS; order++) {
      for (let type = 0; type < MIGRATE_TYPES; type++) {
        expect(freeList(zone, order, type)).toEqual(literal.list(slow, order, type));
      }
    }
    expect([zone.free, zone.boost, zone.reservedHighatomic]).toEqual([
      freePages(slow),
      slow.boost,
      slow.reserved,
    ]);
  }
}
