import { describe, expect, test } from 'vitest';
import { NO_DEMANDS } from './demands.ts';
import type { DmaDemands } from './demands.ts';
import { explainMap } from './explain.ts';
import { MapCursor } from './map-cursor.ts';
import { NO_PAGES } from './page-source.ts';
import { Swiotlb } from './swiotlb.ts';

const BASE = 0x1000_0000;

function machine(demands: Partial<DmaDemands> = {}, dynamic = false) {
  const swiotlb = new Swiotlb({
    dynamic,
    search: 'fast',
    defaultNslabs: 512,
    defaultNareas: 2,
    canGrow: false,
    physLimit: 2 ** 32 - 1,
    forceBounce: true,
    pages: NO_PAGES,
  });
  swiotlb.addPool({ base: BASE, nslabs: 512, nareas: 2, kind: 'default' });
  const device = swiotlb.addDevice({ ...NO_DEMANDS, ...demands });
  const explain = (cpu: number, orig: number, size: number) => {
    const cursor = new MapCursor();
    cursor.ask(device, cpu, orig, size, 0);
    return explainMap(swiotlb, cursor);
  };
  return { swiotlb, device, explain };
}

test('the request is told in slots: 4 KiB kept at its offset in the page', () => {
  const { explain } = machine({ minAlignMask: 4095 });
  const { request, slot } = explain(0, 0x5000_0923, 4096);
  expect(request).toMatchObject({ offset: 0x123, total: 4387, slots: 3, padSlots: 0, every: 2 });
  // The upper half of a page: an odd slot.
  expect(slot).toBe(1);
});

test('explaining takes nothing: twice the same, and the map that follows agrees', () => {
  const { swiotlb, device, explain } = machine();
  swiotlb.map(device, 0, 0x5000_0000, 10_000);
  const once = explain(0, 0x6000_0000, 5000);
  expect(explain(0, 0x6000_0000, 5000)).toEqual(once);
  swiotlb.map(device, 0, 0x6000_0000, 5000);
  expect([swiotlb.outcome.pool?.id, swiotlb.outcome.slot]).toEqual([once.pool, once.slot]);
  expect(swiotlb.outcome.probes).toBe(once.walks[0]?.probes);
});

test('slots that are misaligned are one look, and the number of slots seen is the search’s', () => {
  const { swiotlb, device, explain } = machine();
  // One slot taken: the next page-aligned candidate is a slot further.
  swiotlb.map(device, 0, 0x5000_0000, 2048);
  const { walks, slot } = explain(0, 0x6000_0000, 4096);
  expect(slot).toBe(2);
  expect(walks[0]?.looks).toEqual([
    { probe: 0, slot: 1, count: 1, verdict: 'misaligned', run: 127 },
    { probe: 1, slot: 2, count: 1, verdict: 'fits', run: 126 },
  ]);
});

test('taking a run renumbers the free slots before it', () => {
  const { swiotlb, device, explain } = machine();
  swiotlb.map(device, 0, 0x5000_0000, 2048);
  const { renumbered } = explain(0, 0x6000_0000, 4096);
  expect(renumbered?.from).toBe(1);
  expect(renumbered?.before.slice(0, 5)).toEqual([127, 126, 125, 124, 123]);
  expect(renumbered?.after.slice(0, 5)).toEqual([1, 0, 0, 124, 123]);
});

/** Area 0 is full. */
function halfFull() {
  const art = machine();
  for (let map = 0; map < 2; map++) art.swiotlb.map(art.device, 0, 0x5000_0000, 262_144);
  return art;
}

describe('a full area', () => {
  test('is left at once, and the next one is searched', () => {
    const { walks, slot } = halfFull().explain(0, 0x6000_0000, 8192);
    expect(walks.map(({ area, isLeft, probes }) => [area, isLeft, probes])).toEqual([
      [0, true, 0],
      [1, false, 1],
    ]);
    expect(slot).toBe(256);
  });

  test('a search in vain tells the longest run, and the wrap', () => {
    const { swiotlb, device, explain } = halfFull();
    // Area 1 in runs of 96 slots, the free ones 32 long.
    for (let map = 0; map < 2; map++) swiotlb.map(device, 1, 0x5000_0000, 96 * 2048);
    const { walks, cause } = explain(1, 0x6000_0000, 40 * 2048);
    expect(cause).toBe('fragmented');
    const [walk] = walks;
    expect(walk).toMatchObject({ area: 1, found: -1, longestRun: 32, missed: -1 });
    expect(walk?.wrapAt).toBeGreaterThan(0);
    expect(walk?.looks.some(({ verdict }) => verdict === 'short')).toBe(true);
  });
});

test('a dynamic build passes pools over that have no area of that number, and says so', () => {
  const { swiotlb, device, explain } = machine({}, true);
  swiotlb.addPool({ base: BASE * 2, nslabs: 128, nareas: 1, kind: 'dynamic' });
  // The small pool is newest and full; the default pool's own area too.
  swiotlb.map(device, 0, 0x5000_0000, 262_144);
  for (let map = 0; map < 2; map++) swiotlb.map(device, 0, 0x5000_0000, 262_144);
  const { walks, passed, pool } = explain(0, 0x6000_0000, 4096);
  expect(walks.map((walk) => [walk.pool, walk.area])).toEqual([
    [1, 0],
    [0, 0],
    [0, 1],
  ]);
  expect(passed).toEqual([{ pool: 1, turn: 1, nareas: 1, before: 2 }]);
  expect(pool).toBe(0);
});

test('too large for a segment: nothing is searched in a dynamic build', () => {
  const { explain } = machine({}, true);
  expect(explain(0, 0x6000_0000, 262_145)).toMatchObject({ cause: 'too-large', walks: [] });
});
