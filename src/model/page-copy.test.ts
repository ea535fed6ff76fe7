import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootMemory } from './boot-memory.ts';
import { buddyinfoText, pagetypeinfoText } from './buddy-text.ts';
import { gfp } from './gfp.ts';
import { MOVABLE, UNMOVABLE, type RequestType } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';
import { copyAllocator } from './page-copy.ts';
import { faultsOf, freeList, SMALL_MACHINE } from '../testing/page-machine.ts';
import { PAGE_ORDERS } from './zone.ts';

/** Everything that later requests can depend on, as one value. */
function everything({ pages, zones, kswapdWoken }: PageAllocator) {
  const { state, next, prev, blockType, skip } = pages;
  return {
    pages: [state, next, prev, blockType, skip].map((array) => [...array]),
    kswapdWoken,
    zones: zones.map((zone) => ({
      counts: [zone.managed, zone.free, zone.freeCma, zone.freeHighatomic, zone.boost],
      more: [zone.reservedHighatomic, zone.compactConsidered, zone.compactDeferShift],
      failed: zone.compactOrderFailed,
      marks: zone.marks,
      lists: Array.from({ length: 6 * PAGE_ORDERS }, (_, list) =>
        freeList(zone, list % PAGE_ORDERS, Math.floor(list / PAGE_ORDERS)),
      ),
    })),
  };
}

const requests = fc.array(
  fc.record({
    order: fc.integer({ min: 0, max: 10 }),
    type: fc.constantFrom<RequestType>(UNMOVABLE, MOVABLE),
    kind: fc.constantFrom('kernel' as const, 'nowait' as const, 'atomic' as const),
    frees: fc.boolean(),
  }),
  { minLength: 1, maxLength: 80 },
);
type Requests = typeof requests extends fc.Arbitrary<infer All> ? All : never;

/** @returns what was answered. */
function ask(allocator: PageAllocator, asked: Requests, held: [number, number][]): number[] {
  return asked.map(({ order, type, kind, frees }) => {
    const [pfn = -1, given = 0] = frees ? (held.shift() ?? []) : [];
    if (pfn !== -1) allocator.free(pfn, given);
    const got = allocator.alloc(order, gfp(kind, 0, type));
    if (got !== -1) held.push([got, order]);
    return got;
  });
}

test('a copy answers as the allocator would, and neither sees what the other does', () => {
  fc.assert(
    fc.property(requests, requests, (before, after) => {
      const allocator = new PageAllocator(bootMemory(SMALL_MACHINE));
      const held: [number, number][] = [];
      ask(allocator, before, held);
      const copy = copyAllocator(allocator);
      const stood = everything(allocator);
      expect(everything(copy)).toEqual(stood);
      const answers = ask(copy, after, [...held]);
      expect(everything(allocator)).toEqual(stood);
      expect(ask(allocator, after, held)).toEqual(answers);
      expect(everything(copy)).toEqual(everything(allocator));
      expect(faultsOf(copy)).toEqual([]);
      expect(buddyinfoText(copy)).toBe(buddyinfoText(allocator));
      expect(pagetypeinfoText(copy)).toBe(pagetypeinfoText(allocator));
    }),
    { numRuns: 60 },
  );
});
