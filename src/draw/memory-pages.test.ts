import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockOfPage, pageBlocks } from './memory-pages.ts';
import { blockStates } from '../model/block-survey.ts';
import { bootMemory } from '../model/boot-memory.ts';
import { gfp } from '../model/gfp.ts';
import { MOVABLE, RECLAIMABLE, UNMOVABLE, type RequestType } from '../model/migrate-type.ts';
import { PageAllocator } from '../model/page-allocator.ts';
import { flatMachine } from '../testing/page-machine.ts';

test('blocks cover a pageblock without a gap, whatever is in it', () => {
  const requests = fc.array(
    fc.record({
      order: fc.integer({ min: 0, max: 10 }),
      type: fc.constantFrom<RequestType>(UNMOVABLE, MOVABLE, RECLAIMABLE),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(requests, (asked) => {
      const allocator = new PageAllocator(bootMemory(flatMachine(8)));
      for (const { order, type } of asked) allocator.alloc(order, gfp('kernel', 0, type));
      for (let block = 0; block < 4; block++) {
        let page = 0;
        for (const { first, pages, order } of pageBlocks(blockStates(allocator.pages, block))) {
          expect(first).toBe(page);
          expect(pages).toBe(Math.min(2 ** order, 512));
          page += pages;
        }
        expect(page).toBe(512);
      }
    }),
    { numRuns: 60 },
  );
});

test('a block tells what it is used for, and is found by any of its pages', () => {
  const allocator = new PageAllocator(bootMemory(flatMachine(4)));
  const pinned = allocator.alloc(0, gfp('kernel', 0, MOVABLE));
  allocator.pin(pinned, true);
  allocator.alloc(3, gfp('kernel', 0, MOVABLE));
  const first = Math.floor(allocator.pages.indexOf(pinned) / 512);
  const blocks = pageBlocks(blockStates(allocator.pages, first));
  expect(blocks.map(({ use }) => use)).toEqual(
    expect.arrayContaining(['pinned', 'movable', 'free']),
  );
  const movable = blocks.find(({ use }) => use === 'movable');
  expect(movable).toMatchObject({ order: 3, pages: 8 });
  expect(blockOfPage(blocks, (movable?.first ?? 0) + 5)).toBe(movable);
  expect(blockOfPage(blocks, 512)).toBeUndefined();
});
