import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotRef } from '../engine/slot-story.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { firstSlot, nextSlot, placeOf, slotAt, slotBox, type Walk } from './hit-test.ts';
import { layoutPools, poolShapes } from './pools-layout.ts';
import { FIT, zoomAt } from './viewport.ts';

const STAGE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: true };
const frame = frameFrom({
  areas: 8,
  nslabs: 32_768,
  more: [
    { kind: 'restricted', nslabs: 554 },
    { kind: 'dynamic', areas: 8, nslabs: 2048 },
    { kind: 'transient', nslabs: 33 },
  ],
});
const shapes = poolShapes(frame);
const layout = layoutPools(shapes, { widthPx: 912, heightPx: 648 }, STAGE);

const anySlot: fc.Arbitrary<SlotRef> = fc
  .constantFrom(...shapes)
  .chain(({ id, nslabs }) =>
    fc.integer({ min: 0, max: nslabs - 1 }).map((slot) => ({ pool: id, slot })),
  );

describe('the slot under a point', () => {
  it('is the slot whose cell is there, at any zoom', () => {
    fc.assert(
      fc.property(anySlot, fc.double({ min: 1, max: 40, noNaN: true }), (ref, factor) => {
        const at = { x: 400, y: 300 };
        const viewport = zoomAt(FIT, layout, factor, at);
        const box = slotBox(layout, viewport, ref);
        if (!box) throw new Error('the slot is not drawn');
        const middle = [box.x + box.widthPx / 2, box.y + box.heightPx / 2] as const;
        expect(slotAt(layout, viewport, ...middle)).toEqual(ref);
      }),
    );
  });

  it('is none in the gutter, in a title, and behind the end of a short row', () => {
    expect(slotAt(layout, FIT, 20, 300)).toBeNull();
    expect(slotAt(layout, FIT, 300, 95)).toBeNull();
    const last = slotBox(layout, FIT, { pool: 1, slot: 553 });
    expect(slotAt(layout, FIT, (last?.x ?? 0) + 10, last?.y ?? 0)).toBeNull();
  });

  it('is still the row above on the wall below it', () => {
    const box = slotBox(layout, FIT, { pool: 0, slot: 5 });
    expect(slotAt(layout, FIT, box?.x ?? 0, (box?.y ?? 0) + 2.5)).toEqual({ pool: 0, slot: 5 });
  });

  it('of a pool that is not drawn has no box', () => {
    expect(slotBox(layout, FIT, { pool: 99, slot: 0 })).toBeNull();
    expect(placeOf(layout, { pool: 99, slot: 0 })).toBeNull();
  });
});

it('a slot is named by area, row in the area and column', () => {
  expect(placeOf(layout, { pool: 0, slot: 4096 + 3 * 128 + 29 })).toEqual({
    area: 1,
    row: 3,
    column: 29,
  });
});

describe('walking', () => {
  it('starts at slot 0 of the default pool', () => {
    expect(firstSlot(layout)).toEqual({ pool: 0, slot: 0 });
  });

  it('goes by slot sideways and by row up and down, from area to area', () => {
    const from = { pool: 0, slot: 4000 };
    const to = (walk: Walk) => nextSlot(layout, from, walk).slot;
    expect([to('left'), to('right')]).toEqual([3999, 4001]);
    expect([to('up'), to('down')]).toEqual([4000 - 128, 4128]);
    expect([to('row-start'), to('row-end')]).toEqual([3968, 4095]);
  });

  it('goes on from pool to pool in the order they are drawn', () => {
    expect(nextSlot(layout, { pool: 0, slot: 32_767 }, 'right')).toEqual({ pool: 1, slot: 0 });
    expect(nextSlot(layout, { pool: 0, slot: 0 }, 'left')).toEqual({ pool: 3, slot: 32 });
  });

  it('stays at the very ends, and keeps to short rows', () => {
    expect(nextSlot(layout, { pool: 1, slot: 553 }, 'right')).toEqual({ pool: 1, slot: 553 });
    expect(nextSlot(layout, { pool: 1, slot: 500 }, 'down')).toEqual({ pool: 1, slot: 553 });
  });

  it('to the right and back to the left is where it began', () => {
    fc.assert(
      fc.property(anySlot, (ref) => {
        const there = nextSlot(layout, ref, 'right');
        if (there.slot === ref.slot && there.pool === ref.pool) return;
        expect(nextSlot(layout, there, 'left')).toEqual(ref);
      }),
    );
  });
});
