import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { HEADER, OWNER_THROTTLED, PASSAGE, RUN_STATES, type FrameView } from '../engine/frame.ts';
import { CanvasRecorder, PixelData } from '../testing/canvas-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { throttledFrame } from '../testing/throttle-art.ts';
import { paintHeatmap, type HeatmapOptions } from './heatmap.ts';
import { readPalette } from './palette.ts';
import { layoutPools, poolShapes } from './pools-layout.ts';
import { FIT } from './viewport.ts';

vi.stubGlobal('ImageData', PixelData);

const palette = readPalette(styleOf(PLAIN_THEME));
const STAGE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: false };
const PACE = { moveNs: 4e6, paceNs: 1e7 };
const OPTIONS: HeatmapOptions = {
  dpr: 1,
  deviceNames: ['nvme0'],
  off: new Set(),
  pinned: null,
  hover: null,
  focus: null,
  difference: null,
  nowMs: 0,
  detail: null,
  pace: PACE,
};

/** A run of 40 slots in the second row, taken at 2 ms, whose request was throttled. */
function held(ms: number): FrameView {
  const frame = throttledFrame({
    nslabs: 1024,
    areas: 2,
    timeNs: ms * 1e6,
    art: `${'.'.repeat(150)}A${'a'.repeat(39)}`,
    passed: [{ arrivedNs: 0, admittedNs: 1e6, placedNs: 2e6, slot: 150, nslots: 40 }],
  });
  frame.header[HEADER.runState] = RUN_STATES.indexOf('playing');
  for (let slot = 150; slot < 190; slot++) {
    frame.owner[slot] = (frame.owner[slot] ?? 0) | OWNER_THROTTLED;
  }
  return frame;
}

const layout = layoutPools(poolShapes(held(0)), { widthPx: 912, heightPx: 500 }, STAGE);

function paint(canvas: CanvasRecorder, frame: FrameView, more: Partial<HeatmapOptions> = {}) {
  const context = canvas as unknown as CanvasRenderingContext2D;
  paintHeatmap(context, frame, { layout, viewport: FIT, palette }, { ...OPTIONS, ...more });
}

const canvasOf = () => new CanvasRecorder(layout.widthPx, layout.heightPx);

function painted(frame: FrameView, more: Partial<HeatmapOptions> = {}): CanvasRecorder {
  const canvas = canvasOf();
  paint(canvas, frame, more);
  return canvas;
}

const pixelsOf = ({ pixels }: CanvasRecorder, colour: number) =>
  pixels.filter((pixel) => pixel === colour).length;
const { accent, lid } = palette.packed;
const LABEL = 'throttle_sem is held here';
const isNamed = ({ texts }: CanvasRecorder) => texts.some(({ text }) => text === LABEL);

describe('the holder of the semaphore in the memory', () => {
  it('wears the accent’s frame, which grows as it takes its slots', () => {
    const frames = [2, 3, 4, 6].map((ms) => pixelsOf(painted(held(ms)), accent));
    expect(frames).toEqual(frames.toSorted((one, other) => one - other));
    expect(new Set(frames).size).toBe(4);
    const still = painted(held(2), { pace: { ...PACE, moveNs: 0 } });
    expect(pixelsOf(still, accent)).toBe(frames.at(-1));
  });

  it('is named when it has held for long enough to be read, and not before', () => {
    expect(isNamed(painted(held(3)))).toBe(false);
    expect(isNamed(painted(held(9)))).toBe(true);
  });

  it('has lids on its slots, which the legend can dim', () => {
    expect(pixelsOf(painted(held(9)), lid)).toBeGreaterThan(0);
    const full = pixelsOf(painted(held(9)), palette.devicesPacked[0] ?? 0);
    const off = painted(held(9), { off: new Set(['throttled']) });
    expect(full).toBeGreaterThan(0);
    expect(pixelsOf(off, palette.devicesPacked[0] ?? 0)).toBe(0);
    const alone = painted(held(9), { off: new Set(['free', 'device:0', 'padding']) });
    expect(pixelsOf(alone, palette.devicesPacked[0] ?? 0)).toBe(full);
  });

  it('is the same picture painted step by step, forwards or backwards, as painted at once', () => {
    const anyMs = fc.integer({ min: 5, max: 120 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(anyMs, fc.boolean()), { maxLength: 6 }), (steps) => {
        const kept = canvasOf();
        for (const [ms, isReleased] of steps) {
          const frame = held(ms);
          if (isReleased) {
            frame.passages[PASSAGE.releasedNs] = ms * 1e6;
            frame.header[HEADER.semCount] = 1;
          }
          paint(kept, frame);
          const fresh = painted(frame);
          expect(Buffer.from(kept.pixels.buffer).equals(Buffer.from(fresh.pixels.buffer))).toBe(
            true,
          );
          expect(kept.texts).toEqual(fresh.texts);
        }
      }),
      { numRuns: 20 },
    );
  });
});
