import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  drawnCell,
  layoutMemory,
  mapCellAt,
  mapCellBox,
  stepCell,
  type MapStep,
  type ZoneShape,
} from './memory-layout.ts';

const zonesOf = (...cells: number[]): ZoneShape[] => {
  let firstCell = 0;
  return cells.map((count, row) => {
    const zone = { name: `zone ${row}`, firstCell, cells: count };
    firstCell += count;
    return zone;
  });
};
const ROOM = { widthPx: 880, heightPx: 360, labelPx: 20 };
const STEPS: readonly MapStep[] = [
  'left',
  'right',
  'up',
  'down',
  'row-start',
  'row-end',
  'next',
  'before',
];

const shapes = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 3 });

test('every pageblock has its place in the room, and is found where it is drawn', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 300, max: 1200 }), fc.nat(), (cells, widthPx, pick) => {
      const zones = zonesOf(...cells);
      const layout = layoutMemory(zones, { ...ROOM, widthPx });
      expect(layout.heightPx).toBeLessThanOrEqual(ROOM.heightPx);
      const total = cells.reduce((sum, one) => sum + one, 0);
      const cell = pick % total;
      const box = mapCellBox(layout, cell);
      expect(box).not.toBeNull();
      const { x = -1, y = -1, widthPx: side = 0 } = box ?? {};
      expect(x + side).toBeLessThanOrEqual(widthPx);
      const { first, count } = drawnCell(layout, cell);
      expect(mapCellAt(layout, x + side / 2, y + side / 2)).toBe(first);
      expect(cell - first).toBeLessThan(count);
    }),
    { numRuns: 200 },
  );
});

test('a walk by keyboard stays on drawn cells, and reaches every one of them from the first', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), (cells, steps) => {
      const layout = layoutMemory(zonesOf(...cells), ROOM);
      let cell = 0;
      for (const step of steps) {
        cell = stepCell(layout, cell, step);
        expect(drawnCell(layout, cell).first).toBe(cell);
        expect(mapCellBox(layout, cell)).not.toBeNull();
      }
    }),
    { numRuns: 100 },
  );
  const layout = layoutMemory(zonesOf(8, 57, 30), ROOM);
  const seen = new Set<number>();
  for (let cell = 0; !seen.has(cell); cell = stepCell(layout, cell, 'right')) seen.add(cell);
  expect(seen.size).toBe(95);
});

test('up undoes down, and zones are left by their edges', () => {
  const layout = layoutMemory(zonesOf(8, 100), { ...ROOM, widthPx: 360, heightPx: 600 });
  expect(layout.columns).toBe(10);
  expect(stepCell(layout, 3, 'down')).toBe(11);
  expect(stepCell(layout, 11, 'up')).toBe(3);
  expect(stepCell(layout, 17, 'up')).toBe(7);
  expect(stepCell(layout, 7, 'right')).toBe(8);
  expect(stepCell(layout, 8, 'left')).toBe(7);
  expect(stepCell(layout, 25, 'row-start')).toBe(18);
  expect(stepCell(layout, 25, 'row-end')).toBe(27);
  expect(stepCell(layout, 3, 'next')).toBe(8);
  expect(stepCell(layout, 50, 'before')).toBe(8);
  expect(stepCell(layout, 8, 'before')).toBe(0);
  expect(stepCell(layout, 107, 'down')).toBe(107);
});

test('small machines get large cells, and the largest of all share theirs', () => {
  expect(layoutMemory(zonesOf(8, 56), ROOM)).toMatchObject({ pitchPx: 36, perCell: 1 });
  expect(layoutMemory(zonesOf(8, 1529, 31_232), ROOM)).toMatchObject({ pitchPx: 2, perCell: 1 });
  const terabyte = layoutMemory(zonesOf(8, 1529, 522_752), ROOM);
  expect(terabyte.perCell).toBeGreaterThan(4);
  expect(drawnCell(terabyte, 524_288)).toMatchObject({ first: 524_273, count: 16 });
});

test('beside the cells there is none', () => {
  const layout = layoutMemory(zonesOf(8, 5), ROOM);
  expect(mapCellAt(layout, 5, 5)).toBe(-1);
  expect(mapCellAt(layout, -1, 30)).toBe(-1);
  expect(mapCellAt(layout, 20 * 36, 30)).toBe(-1);
  expect(mapCellAt(layout, 870, 2000)).toBe(-1);
  expect(mapCellBox(layout, 99)).toBeNull();
});
