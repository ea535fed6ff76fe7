import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockStates, surveyBlock, type BlockColumns } from './block-survey.ts';
import { bootMemory } from './boot-memory.ts';
import { gfp } from './gfp.ts';
import { MOVABLE, RECLAIMABLE, UNMOVABLE, type RequestType } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';
import {
  ABSENT,
  FREE,
  ORDER_MASK,
  PAGEBLOCK_PAGES,
  PINNED,
  TAIL,
  USE_MASK,
  USED_MOVABLE,
  type PageMap,
} from './page-map.ts';
import { flatMachine, SMALL_MACHINE } from '../testing/page-machine.ts';

function columns(rows: number): BlockColumns {
  const wide = () => new Uint16Array(rows);
  return {
    largest: new Uint8Array(rows),
    free: wide(),
    unmovable: wide(),
    movable: wide(),
    reclaimable: wide(),
    pinned: wide(),
  };
}

function surveyed(pages: PageMap): BlockColumns {
  const rows = pages.length / PAGEBLOCK_PAGES;
  const into = columns(rows);
  for (let block = 0; block < rows; block++) surveyBlock(pages, block, into, block);
  return into;
}

/** The state of the block that each page is in, page by page from the very first. */
function statesOfPages(pages: PageMap): number[] {
  const states: number[] = [];
  while (states.length < pages.length) {
    const what = pages.state[states.length] ?? ABSENT;
    const order = what === ABSENT ? 0 : what & ORDER_MASK;
    for (let page = 0; page < 2 ** order; page++) states.push(what);
  }
  return states;
}

/** Counts one page at a time: slow, and right by looking at it. */
function oracle(pages: PageMap): BlockColumns {
  const into = columns(pages.length / PAGEBLOCK_PAGES);
  for (const [page, what] of statesOfPages(pages).entries()) {
    const row = Math.floor(page / PAGEBLOCK_PAGES);
    const use = what & USE_MASK;
    const add = (column: Uint16Array) => (column[row] = (column[row] ?? 0) + 1);
    if (use === FREE) {
      add(into.free);
      into.largest[row] = Math.max(into.largest[row] ?? 0, (what & ORDER_MASK) + 1);
    }
    if (use === 0x20) add(into.unmovable);
    if (use === USED_MOVABLE) add(into.movable);
    if (use === 0x40) add(into.reclaimable);
    if (use === PINNED) add(into.pinned);
  }
  return into;
}

const requests = fc.array(
  fc.record({
    order: fc.integer({ min: 0, max: 10 }),
    type: fc.constantFrom<RequestType>(UNMOVABLE, MOVABLE, RECLAIMABLE),
    frees: fc.integer({ min: 0, max: 3 }),
    pins: fc.boolean(),
  }),
  { maxLength: 120 },
);

test('the rows agree with a count page by page, whatever was taken, pinned and given back', () => {
  const machines = fc.constantFrom(SMALL_MACHINE, flatMachine(24));
  fc.assert(
    fc.property(machines, requests, (machine, asked) => {
      const allocator = new PageAllocator(bootMemory(machine));
      const held: { pfn: number; order: number }[] = [];
      for (const { order, type, frees, pins } of asked) {
        const pfn = allocator.alloc(order, gfp('kernel', 0, type));
        if (pfn !== -1 && pins && type === MOVABLE) allocator.pin(pfn, true);
        else if (pfn !== -1) held.push({ pfn, order });
        if (frees === 0 && held.length > 0) {
          const [given] = held.splice(Math.floor(held.length / 2), 1);
          if (given) allocator.free(given.pfn, given.order);
        }
      }
      expect(surveyed(allocator.pages)).toEqual(oracle(allocator.pages));
    }),
    { numRuns: 150 },
  );
});

test('a block of two pageblocks is half in each, free or in use', () => {
  const allocator = new PageAllocator(bootMemory(flatMachine(8)));
  const before = surveyed(allocator.pages);
  expect([...before.largest]).toEqual([11, 11, 11, 11]);
  expect([...before.free]).toEqual([512, 512, 512, 512]);
  const pfn = allocator.alloc(10, gfp('kernel'));
  const after = surveyed(allocator.pages);
  const first = allocator.pages.indexOf(pfn) / PAGEBLOCK_PAGES;
  expect([...after.unmovable].map((pages, row) => (pages > 0 ? row : -1))).toContain(first + 1);
  expect(after.unmovable[first]).toBe(512);
  expect(after.unmovable[first + 1]).toBe(512);
  expect(after.largest[first + 1]).toBe(0);
});

test('the states of a pageblock are its pages, the second half of a large block told by its whole', () => {
  const allocator = new PageAllocator(bootMemory(flatMachine(8)));
  expect(blockStates(allocator.pages, 0)[0]).toBe(FREE | 10);
  expect(blockStates(allocator.pages, 1)[0]).toBe(FREE | 10);
  expect(new Set(blockStates(allocator.pages, 1).subarray(1))).toEqual(new Set([TAIL]));
  const states = blockStates(allocator.pages, 0);
  states.fill(0);
  expect(allocator.pages.state[0]).toBe(FREE | 10);
});
