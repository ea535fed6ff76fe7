import { expect, test } from 'vitest';
import { blocksOfCell, cellOfBlock } from './memory-cells.ts';
import {
  CELL_BOOT,
  CELL_FIRMWARE,
  CELL_HOLE,
  CELL_KERNEL,
  MemoryColumns,
  type MemoryNews,
} from './memory-news.ts';
import { MemorySurvey } from './memory-survey.ts';
import type { MachineSpec, Scenario } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';
import { PAGE_BYTES } from '../model/geometry.ts';
import type { PageAllocator } from '../model/page-allocator.ts';
import { FREE, ORDER_MASK, PAGEBLOCK_PAGES, USE_MASK } from '../model/page-map.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';

const MS = 1e6;
/** Bits that are set in each hexadecimal digit. */
const BITS = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];
const taken = (digits: string) =>
  Array.from(digits, (digit) => BITS[Number.parseInt(digit, 16)] ?? 0).reduce(
    (sum, one) => sum + one,
    0,
  );
const zeros = (length: number) => Array.from({ length }, () => 0);
const BLOCK_BYTES = PAGEBLOCK_PAGES * PAGE_BYTES;

function ran(scenario: Scenario, untilMs: number): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

function allocatorOf(simulation: Simulation): PageAllocator {
  const allocator = simulation.world.pages?.guest.allocator;
  if (!allocator) throw new RangeError('no page allocator');
  return allocator;
}

const withMachine = (part: Partial<MachineSpec>): Scenario => ({
  ...burstBeforeTheWorker,
  machine: { ...burstBeforeTheWorker.machine, ...part },
});

function newsOf(simulation: Simulation): MemoryNews {
  const news = new MemorySurvey(simulation.world).read(Infinity);
  if (news === null) throw new RangeError('nothing was read');
  return news;
}

const kindsOf = ({ cells, buffer }: MemoryNews) => [...new MemoryColumns(cells, buffer).kind];

/** Counts page frame by page frame, from the very first: slow, and right by looking at it. */
function walked(simulation: Simulation, { cells, stretches }: MemoryNews) {
  const { pages } = allocatorOf(simulation);
  const [free, largest, pooled] = [zeros(cells), zeros(cells), zeros(cells)];
  let block = { left: 0, order: 0 };
  for (let pfn = 0; pfn < (128 * 1024 ** 2) / PAGE_BYTES; pfn++) {
    const cell = cellOfBlock(stretches, Math.floor(pfn / PAGEBLOCK_PAGES));
    const at = pfn * PAGE_BYTES;
    const isPooled = simulation.swiotlb.pools.some(({ base, end }) => at >= base && at < end);
    pooled[cell] = (pooled[cell] ?? 0) + Number(isPooled);
    const what = pages.state[pages.indexOf(pfn)] ?? 0;
    const order = what & ORDER_MASK;
    if ((what & USE_MASK) === FREE) block = { left: 2 ** order, order };
    if (block.left === 0) continue;
    block = { ...block, left: block.left - 1 };
    free[cell] = (free[cell] ?? 0) + 1;
    largest[cell] = Math.max(largest[cell] ?? 0, block.order + 1);
  }
  return { free, largest, pooled };
}

test('cells agree with a walk over every page frame of the machine', () => {
  const simulation = ran(aMonthOfUptime, 20);
  const news = newsOf(simulation);
  const { free, largest, pooled } = new MemoryColumns(news.cells, news.buffer);
  expect({ free: [...free], largest: [...largest], pooled: [...pooled] }).toEqual(
    walked(simulation, news),
  );
  const sum = (from: number, cells: number) =>
    free.subarray(from, from + cells).reduce((all, one) => all + one, 0);
  expect(news.zones.map(({ firstCell, cells }) => sum(firstCell, cells))).toEqual(
    allocatorOf(simulation).zones.map((zone) => zone.free),
  );
});

test('what the allocator never had is told as what it is: firmware, kernel, the boot pool', () => {
  const simulation = ran(burstBeforeTheWorker, 0);
  const news = newsOf(simulation);
  const kinds = kindsOf(news);
  expect(news.cells).toBe(64);
  expect(kinds[0]).toBe(CELL_FIRMWARE);
  expect(kinds.slice(8, 32)).toEqual(Array.from({ length: 24 }, () => CELL_KERNEL));
  const columns = new MemoryColumns(news.cells, news.buffer);
  const boot = news.pools[0]?.base ?? 0;
  const cell = cellOfBlock(news.stretches, boot / BLOCK_BYTES);
  expect(kinds.slice(cell, cell + 2)).toEqual([CELL_BOOT, CELL_BOOT]);
  expect(columns.pooled[cell]).toBe(PAGEBLOCK_PAGES);
  expect(kinds.slice(cell + 2)).toEqual(Array.from({ length: 13 }, () => CELL_FIRMWARE));
});

test('pools that have grown lie in pageblocks of the allocator, in use', () => {
  const simulation = ran(burstBeforeTheWorker, 30);
  const news = newsOf(simulation);
  const grown = news.pools.filter(({ kind }) => kind === 'dynamic');
  expect(grown).toHaveLength(2);
  const columns = new MemoryColumns(news.cells, news.buffer);
  for (const { base, bytes } of grown) {
    const cell = cellOfBlock(news.stretches, base / BLOCK_BYTES);
    for (let at = cell; at < cell + bytes / BLOCK_BYTES; at++) {
      expect(columns.pooled[at]).toBe(PAGEBLOCK_PAGES);
      expect(columns.unmovable[at]).toBe(PAGEBLOCK_PAGES);
      expect(columns.kind[at]).toBeLessThanOrEqual(5);
    }
  }
});

test('above 3 GiB there is a hole, one cell for all of it, and zone Normal behind it', () => {
  const simulation = ran(withMachine({ memoryMiB: 4096 }), 0);
  const news = newsOf(simulation);
  const kinds = kindsOf(news);
  expect(kinds.filter((kind) => kind === CELL_HOLE)).toHaveLength(1);
  expect(news.cells).toBe(2048 + 1);
  const hole = kinds.indexOf(CELL_HOLE);
  expect(blocksOfCell(news.stretches, hole)).toEqual({ block: 1536, blocks: 512 });
  expect(cellOfBlock(news.stretches, 1700)).toBe(hole);
  expect(cellOfBlock(news.stretches, 2048)).toBe(hole + 1);
  expect(news.zones.map(({ name, firstCell, cells }) => [name, firstCell, cells])).toEqual([
    ['DMA', 0, 8],
    ['DMA32', 8, 1529],
    ['Normal', 1537, 512],
  ]);
});

test('on a Raspberry Pi 4 zone DMA is the first GiB, the hole in it included', () => {
  const { zones, stretches } = newsOf(ran(withMachine({ memoryMiB: 2048, board: 'rpi4' }), 0));
  const starts = zones.map(({ name, firstCell }) => [
    name,
    blocksOfCell(stretches, firstCell).block,
  ]);
  expect(starts).toEqual([
    ['DMA', 0],
    ['DMA32', 512],
  ]);
  for (const { cells, managed } of zones) expect(managed).toBeLessThanOrEqual(cells * 512);
});

test('a reading in pieces says from when to when, and begins anew after it', () => {
  const simulation = ran(burstBeforeTheWorker, 5);
  const survey = new MemorySurvey(simulation.world);
  expect(survey.read(40)).toBeNull();
  expect(survey.isUnderWay).toBe(true);
  simulation.runUntil(6 * MS, Infinity);
  expect(survey.read(40)).toMatchObject({ fromNs: 5 * MS, toNs: 6 * MS, cells: 64 });
  expect(survey.isUnderWay).toBe(false);
  const [first, second] = [survey.read(100), survey.read(100)];
  expect(first).toMatchObject({ fromNs: 6 * MS, toNs: 6 * MS });
  expect(first?.buffer).not.toBe(second?.buffer);
  expect(first && kindsOf(first)).toEqual(second && kindsOf(second));
});

test('coherent pools of an encrypted guest are told block by block, each page that is given out', () => {
  const simulation = ran(withMachine({ encrypted: true }), 12);
  const { coherent, buffer, cells } = newsOf(simulation);
  const guest = simulation.world.pages?.guest;
  expect(coherent.map(({ zone }) => zone)).toEqual(['any zone', 'DMA32', 'DMA']);
  let pages = 0;
  for (const [row, pool] of coherent.entries()) {
    expect(pool.bytes).toBe(guest?.pools[row]?.bytes);
    for (const block of pool.blocks) {
      expect(taken(block.taken)).toBe(block.pages - block.free);
      pages += block.pages;
    }
    const free = pool.blocks.reduce((sum, block) => sum + block.free, 0);
    expect(free * PAGE_BYTES).toBe(pool.freeBytes);
  }
  const marked = new MemoryColumns(cells, buffer).coherent.reduce((sum, one) => sum + one, 0);
  expect(marked).toBe(pages);
  expect(coherent.some(({ freeBytes, bytes }) => freeBytes < bytes)).toBe(true);
});

test('a machine that cannot grow has no page allocator to read', () => {
  const simulation = ran(withMachine({ dynamic: false }), 0);
  expect(() => new MemorySurvey(simulation.world)).toThrow('no page allocator');
});

test('a buffer of another size is no survey', () => {
  expect(() => new MemoryColumns(3, new ArrayBuffer(10))).toThrow('10 bytes are no survey of 3');
});
