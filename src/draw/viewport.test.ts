import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameFrom } from '../testing/frame-art.ts';
import { slotAt, slotBox } from './hit-test.ts';
import { layoutPools, poolShapes } from './pools-layout.ts';
import {
  clampViewport,
  FIT,
  MAX_CELL_PX,
  panBy,
  showSlot,
  snapScale,
  toScreen,
  toWorld,
  visibleDetail,
  zoomAt,
  zoomStep,
} from './viewport.ts';

const BOX = { widthPx: 912, heightPx: 648 };
const STAGE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: true };
const layout = layoutPools(poolShapes(frameFrom({ areas: 8, nslabs: 32_768 })), BOX, STAGE);
const large = layoutPools(poolShapes(frameFrom({ areas: 32, nslabs: 524_288 })), BOX, STAGE);

const anyPoint = fc.record({
  x: fc.integer({ min: 0, max: layout.widthPx }),
  y: fc.integer({ min: 0, max: layout.heightPx }),
});
const anyFactor = fc.double({ min: 0.2, max: 60, noNaN: true });

describe('zooming', () => {
  it('keeps what is under the pointer where it is', () => {
    fc.assert(
      fc.property(anyPoint, fc.double({ min: 1, max: 50, noNaN: true }), (at, factor) => {
        const before = toWorld(FIT, at.x, at.y);
        const after = zoomAt(FIT, layout, factor, at);
        const seen = toScreen(after, before.x, before.y);
        expect(seen.x).toBeCloseTo(at.x, 6);
        expect(seen.y).toBeCloseTo(at.y, 6);
      }),
    );
  });

  it('never leaves the panel, and never shows less than one cell of the largest size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPoint, anyFactor), { maxLength: 8 }), (moves) => {
        let viewport = FIT;
        for (const [at, factor] of moves) viewport = zoomAt(viewport, layout, factor, at);
        const { scale, x, y } = viewport;
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(scale * layout.cellW).toBeLessThanOrEqual(MAX_CELL_PX);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + layout.widthPx / scale).toBeLessThanOrEqual(layout.widthPx + 1e-6);
        expect(y + layout.heightPx / scale).toBeLessThanOrEqual(layout.heightPx + 1e-6);
      }),
    );
  });

  it('gives cells a whole number of pixels, or pixels a whole number of slots', () => {
    for (const scale of [1, 1.1, 1.9, 3.3, 17, 400]) {
      const cell = snapScale(layout, scale) * layout.cellW;
      expect(cell).toBeCloseTo(Math.round(cell), 9);
    }
    expect(snapScale(large, 1.2) * large.cellW).toBe(0.5);
    expect(snapScale(large, 1.9) * large.cellW).toBe(1);
  });

  it('by steps always goes on, until the largest cell and back to the whole panel', () => {
    for (const one of [layout, large]) {
      let viewport = FIT;
      let steps = 0;
      while (viewport.scale * one.cellW < MAX_CELL_PX && steps < 100) {
        const next = zoomStep(viewport, one, 1);
        expect(next.scale).toBeGreaterThan(viewport.scale);
        viewport = next;
        steps++;
      }
      expect(steps).toBeLessThan(40);
      while (viewport.scale > 1 && steps < 200) {
        const next = zoomStep(viewport, one, -1);
        expect(next.scale).toBeLessThan(viewport.scale);
        viewport = next;
        steps++;
      }
      expect(viewport).toEqual(FIT);
    }
  });
});

it('zooming without a pointer looks at rows, not between the columns', () => {
  let viewport = FIT;
  for (let step = 0; step < 6; step++) viewport = zoomStep(viewport, layout, 1);
  const { widthPx, heightPx } = layout;
  const seen = [0.2, 0.5, 0.8].map((share) =>
    slotAt(layout, viewport, widthPx * share, heightPx / 2),
  );
  expect(seen).not.toContain(null);
});

describe('panning', () => {
  it('moves nothing when everything is seen', () => {
    expect(panBy(FIT, layout, 50, -20)).toEqual(FIT);
  });

  it('moves by canvas pixels, up to the edge', () => {
    const zoomed = zoomAt(FIT, layout, 4, { x: 456, y: 300 });
    const panned = panBy(zoomed, layout, 40, 8);
    expect(panned.x - zoomed.x).toBeCloseTo(10, 9);
    expect(panned.y - zoomed.y).toBeCloseTo(2, 9);
    expect(panBy(zoomed, layout, -1e6, -1e6)).toMatchObject({ x: 0, y: 0 });
  });

  it('to a slot brings it into view and is the least that does', () => {
    const zoomed = zoomAt(FIT, layout, 12, { x: 0, y: 0 });
    const ref = { pool: 0, slot: 20_000 };
    const shown = showSlot(zoomed, layout, ref);
    const box = slotBox(layout, shown, ref);
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.widthPx ?? 0)).toBeLessThanOrEqual(layout.widthPx);
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(showSlot(shown, layout, ref)).toEqual(shown);
    expect(showSlot(zoomed, layout, { pool: 9, slot: 0 })).toBe(zoomed);
  });
});

it('a viewport of another layout is brought back into this one', () => {
  const lost = { scale: 2, x: 5000, y: -30 };
  expect(clampViewport(lost, layout)).toEqual({ scale: 2, x: 456, y: 0 });
});

describe('the fields to ask for', () => {
  it('are none as long as no number would fit into a cell', () => {
    expect(visibleDetail(layout, FIT)).toBeNull();
    expect(visibleDetail(layout, zoomAt(FIT, layout, 4, { x: 300, y: 300 }))).toBeNull();
  });

  it('are those of the rows in view, at most 4,096', () => {
    const near = zoomAt(FIT, layout, 20, { x: 300, y: 300 });
    const wish = visibleDetail(layout, near);
    expect(wish?.from.pool).toBe(0);
    expect(wish?.from.slot).toBeGreaterThan(0);
    expect(wish?.count).toBeGreaterThan(0);
    expect(wish?.count).toBeLessThanOrEqual(4096);
  });
});
