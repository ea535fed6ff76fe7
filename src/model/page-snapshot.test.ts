import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultsOf } from '../testing/page-machine.ts';
import { gfp } from './gfp.ts';
import { MIGRATE_TYPES } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';
import { restoreMemory, type ZoneSnapshot } from './page-snapshot.ts';
import { PAGE_ORDERS } from './zone.ts';

const MARKS = { min: 0, low: 0, high: 0, reserve: [0, 0, 0] } as const;

const counts = fc.array(fc.oneof(fc.nat(3), fc.nat(200)), {
  minLength: PAGE_ORDERS,
  maxLength: PAGE_ORDERS,
});

const snapshots: fc.Arbitrary<ZoneSnapshot> = fc
  .record({
    lists: fc.array(counts, { maxLength: MIGRATE_TYPES - 1 }),
    scannable: fc.nat(5),
    boost: fc.nat(900),
  })
  .map((draw) => ({ ...draw, id: 1, managed: 5000, marks: MARKS, reservedHighatomic: 0 }));

it('an allocator built from free lists has these lists, and nothing that grows together', () => {
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const memory = restoreMemory([{ ...snapshot, id: 0 }, snapshot]);
      const faults = faultsOf(memory);
      // What is managed was counted on the real machine; nothing else may be wrong.
      expect(faults.filter((fault) => !fault.endsWith('lost pages'))).toEqual([]);
      for (const zone of memory.zones) {
        for (let type = 0; type < MIGRATE_TYPES; type++) {
          for (let order = 0; order < PAGE_ORDERS; order++) {
            expect(zone.blocks(order, type)).toBe(snapshot.lists[type]?.[order] ?? 0);
          }
        }
        expect([zone.managed, zone.boost]).toEqual([5000, snapshot.boost]);
      }
    }),
    { numRuns: 40 },
  );
});

it('decides by these lists', () => {
  const lists = [
    [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    [9, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
  ];
  const snapshot = { id: 1, managed: 5000, marks: MARKS, boost: 0, reservedHighatomic: 0 } as const;
  const allocator = new PageAllocator(restoreMemory([{ ...snapshot, lists, scannable: 0 }]));
  const [zone] = allocator.zones;
  expect(allocator.alloc(6, gfp('kernel', 4))).not.toBe(-1);
  expect([zone?.nrFree(6), zone?.nrFree(3)]).toEqual([0, 1]);
  expect(allocator.alloc(4, gfp('kernel', 4))).toBe(-1);
  expect(allocator.alloc(2, gfp('kernel', 4))).not.toBe(-1);
  expect([zone?.nrFree(3), zone?.nrFree(2)]).toEqual([0, 1]);
});
