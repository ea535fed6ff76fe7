import { expect, test } from 'vitest';
import { pageBlocks } from '../draw/memory-pages.ts';
import { CELL_BOOT, CELL_HOLE, MemoryColumns } from '../engine/memory-news.ts';
import type { MemoryNews, WhatIf, WhatIfTry } from '../store/reports.ts';
import { freeWords, zonesOf } from './growth-words.ts';
import {
  ageWords,
  answerWords,
  freeBlockWords,
  largestOf,
  mapSummary,
  outcomeWords,
  pageWords,
  readCell,
  wishWords,
  zoneLabel,
} from './memory-words.ts';

const ZONE = {
  name: 'DMA32',
  firstCell: 0,
  cells: 4,
  managed: 1536,
  free: 130,
  freeCma: 0,
  min: 12,
  low: 15,
  high: 18,
  boost: 0,
  nrFree: [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
};
const columns = new MemoryColumns(4);
columns.kind.set([1, 0, CELL_BOOT, CELL_HOLE]);
columns.largest.set([8, 0, 0, 0]);
columns.free.set([130, 0, 0, 0]);
columns.movable.set([380, 12, 0, 0]);
columns.pinned.set([2, 0, 0, 0]);
columns.unmovable.set([0, 500, 0, 0]);
columns.pooled.set([0, 256, 512, 0]);
const NEWS: MemoryNews = {
  fromNs: 0,
  toNs: 0,
  event: 0,
  cells: 4,
  stretches: [
    { firstCell: 0, cells: 3, firstBlock: 8, blocks: 3 },
    { firstCell: 3, cells: 1, firstBlock: 11, blocks: 512 },
  ],
  zones: [ZONE],
  pools: [
    { id: 0, kind: 'default', base: 10 * 2 ** 21, bytes: 2 ** 21 },
    { id: 1, kind: 'dynamic', base: 9 * 2 ** 21, bytes: 2 ** 20 },
  ],
  coherent: [],
  cma: null,
  buffer: columns.buffer,
};
const TRY: WhatIfTry = {
  what: 'pool',
  order: 10,
  zone: 4,
  from: 'DMA32',
  path: 'fast',
  migrated: 0,
  fallback: null,
  pfn: 0,
  scanned: 0,
  deferred: 0,
};
const ANSWER: WhatIf = {
  timeNs: 0,
  event: 0,
  canGrow: true,
  wantedSlots: 32_768,
  cappedSlots: 2048,
  tries: [TRY],
  slots: 2048,
  converted: [0, 0, 0],
  costNs: 0,
};

test('a pageblock is read with exact values: address, kind, free pages, largest block, uses', () => {
  expect(readCell(NEWS, columns, 0, 1)).toEqual({
    head: 'Pageblock 8, Movable',
    where: 'zone DMA32 · 0x001000000 to 0x001200000',
    what: '130 of 512 pages free, the largest block of order 7 (512 KiB) · in use: 380 movable, 2 pinned',
  });
  expect(readCell(NEWS, columns, 1, 1).what).toBe(
    'wholly used · in use: 12 movable, 500 unmovable · 256 pages of the dynamic pools',
  );
});

test('what is not of the page allocator says so, and a hole how large it is', () => {
  expect(readCell(NEWS, columns, 2, 1).what).toBe(
    'RAM that boot kept for a bounce pool · 512 pages of the default pool',
  );
  expect(readCell(NEWS, columns, 3, 1)).toEqual({
    head: 'Hole',
    where: 'zone DMA32 · 0x001600000 to 0x041600000',
    what: 'a hole: addresses without memory, 1 GiB',
  });
});

test('several pageblocks in one drawn cell are read as their sum', () => {
  expect(readCell(NEWS, columns, 0, 2)).toEqual({
    head: 'Pageblocks 8 to 9',
    where: 'zone DMA32 · 0x001000000 to 0x001400000',
    what: '130 of 1,024 pages free, the largest block of order 7 (512 KiB) · in use: 392 movable, 500 unmovable, 2 pinned · 256 pages of the dynamic pools',
  });
});

test('zones and the whole map are told in a sentence', () => {
  expect(zoneLabel(NEWS, ZONE)).toBe('DMA32 · 16 MiB to 1 GiB · 520 KiB free of 6 MiB');
  expect(largestOf(NEWS.zones)).toBe('order 7 (512 KiB)');
  expect(largestOf([])).toBe('none');
  expect(mapSummary(NEWS, columns)).toBe(
    '4 pageblocks of 2 MiB: 1 Unmovable, 1 Movable, 1 boot pool, 1 hole. zone DMA32: 520 KiB free of 6 MiB, largest free block of order 7. Bounce pools hold 3 MiB.',
  );
});

test('pages are told with their block', () => {
  const states = new Uint8Array(512).fill(0x0f);
  states[0] = 0x18;
  states[256] = 0x28;
  const [free, used] = pageBlocks(states);
  expect(freeBlockWords(pageBlocks(states))).toBe('free blocks: 1 of order 8');
  expect(freeBlockWords([])).toBe('no free block');
  expect(free && pageWords(4096, 3, free, false)).toBe(
    'Page frame 0x01003: free, in a block of order 8 (1 MiB)',
  );
  expect(used && pageWords(4096, 300, used, true)).toBe(
    'Page frame 0x0112c: in use, unmovable, memory of a pool, in a block of order 8 (1 MiB)',
  );
});

test('every path of an answer has its words', () => {
  expect(answerWords(TRY)).toBe('taken from zone DMA32 at once');
  expect(answerWords({ ...TRY, fallback: 'Movable' })).toBe(
    'taken from zone DMA32 at once; a fall-back, the pageblock was movable',
  );
  expect(answerWords({ ...TRY, path: 'slow' })).toBe(
    'taken from zone DMA32 below the low watermark',
  );
  expect(answerWords({ ...TRY, path: 'compacted', migrated: 969 })).toBe(
    'taken from zone DMA32 after compaction moved 969 pages',
  );
  expect(answerWords({ ...TRY, path: 'cma', migrated: 1 })).toBe(
    'from the CMA region, 1 page moved out of the way',
  );
  const failed = { ...TRY, path: 'failed', from: null } as const;
  expect(answerWords(failed)).toBe('refused; no zone that may serve it has such a block to give');
  expect(answerWords({ ...failed, scanned: 2048, migrated: 7 })).toBe(
    'refused; compaction looked at 2,048 pages, moved 7, and formed no such block',
  );
  expect(answerWords({ ...failed, migrated: 3 })).toBe('refused; 3 pages moved in vain');
  expect(answerWords({ ...failed, deferred: 1 })).toBe(
    'refused; compaction is put off, because earlier runs failed',
  );
});

test('outcomes, wishes and ages', () => {
  expect(outcomeWords(ANSWER)).toBe('It would get 2,048 slots (4 MiB), at order 10.');
  expect(outcomeWords({ ...ANSWER, slots: 0 })).toBe('It would get nothing.');
  expect(outcomeWords({ ...ANSWER, canGrow: false })).toMatch(/does not grow/);
  expect(wishWords(ANSWER)).toBe(
    'The worker wants 32,768 slots, as many as the boot pool has; one block holds 2,048 at most.',
  );
  expect(wishWords({ ...ANSWER, wantedSlots: 2048 })).toBe(
    'The worker wants 2,048 slots, as many as the boot pool has.',
  );
  expect(ageWords({ uptimeHours: 720, fill: 0.8, kernelShare: 0.05 })).toBe(
    'after 30 days, 80 % in use',
  );
  expect(ageWords({ uptimeHours: 0, fill: 0, kernelShare: 0.05 })).toBe('as booted');
});

test('a buddyinfo is read zone by zone', () => {
  const text =
    'Node 0, zone      DMA      1      0      2 \nNode 0, zone    DMA32     10      1      0 \n';
  expect(zonesOf(text)).toEqual([
    { name: 'DMA', blocks: [1, 0, 2] },
    { name: 'DMA32', blocks: [10, 1, 0] },
  ]);
  expect(freeWords(text)).toBe('84 KiB');
});
