import { describe, expect, it } from 'vitest';
import { HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { frameFrom, pushHistory } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { ghostBetween, type TimelineGhost } from './ghost-series.ts';
import { readPalette } from './palette.ts';
import { paintTimeline, type TimelineBox } from './timeline.ts';

const MS = 1e6;
const palette = readPalette(styleOf(PLAIN_THEME));
/** A plot of 1000 by 100 px: 50 ms, and a little more than 4,096 slots. */
const BOX: TimelineBox = {
  widthPx: 1170,
  heightPx: 144,
  leftPx: 54,
  rightPx: 116,
  topPx: 26,
  bottomPx: 18,
};
const GHOST: TimelineGhost = {
  name: 'no throttle',
  runName: 'rfc',
  used: 3990,
  failedMaps: 84,
  progress: 1,
};

interface Beside {
  readonly bucketMs: number;
  readonly atMs: number;
  readonly used: (ms: number) => number;
  readonly failedAtMs?: readonly number[];
}

/** A run of 50 ms of buckets of 1 ms, 1,000 of 4,000 slots used, and what stood beside it. */
function frameWith(beside: Beside | null): FrameView {
  const frame = frameFrom({
    areas: 4,
    nslabs: 4096,
    timeNs: 50 * MS,
    endNs: 100 * MS,
    bucketNs: MS,
    shadowed: beside !== null,
  });
  pushHistory(
    frame,
    Array.from({ length: 50 }, (_, ms) => [1000, 1000, 4096, 1000, ms === 10 ? 2 : 0]),
  );
  if (beside === null) return frame;
  const { bucketMs, atMs, used, failedAtMs = [] } = beside;
  const filled = Math.ceil(atMs / bucketMs);
  frame.header[HEADER.shadowTimeNs] = atMs * MS;
  frame.header[HEADER.shadowBucketNs] = bucketMs * MS;
  frame.header[HEADER.shadowBucketsFilled] = filled;
  for (let bucket = 0; bucket < filled; bucket++) {
    frame.shadowSeries(SERIES.usedMin)[bucket] = used(bucket * bucketMs) - 10;
    frame.shadowSeries(SERIES.usedMax)[bucket] = used(bucket * bucketMs);
    const failed = failedAtMs.filter((ms) => Math.floor(ms / bucketMs) === bucket).length;
    frame.shadowSeries(SERIES.failures)[bucket] = failed;
  }
  return frame;
}

interface Dash {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly bottom: number;
}

/** A canvas that keeps the dashes and the ends of crosses as well. */
class LineRecorder extends CanvasRecorder {
  readonly dashes: Dash[] = [];
  readonly moves: { readonly x: number; readonly y: number }[] = [];
  override rect(x = 0, y = 0, width = 0, height = 0): void {
    this.dashes.push({ x, y, right: x + width, bottom: y + height });
  }
  override moveTo(x = 0, y = 0): void {
    this.moves.push({ x, y });
  }
}

function painted(frame: FrameView, ghost: TimelineGhost | null = GHOST, box = BOX): LineRecorder {
  const canvas = new LineRecorder(box.widthPx, box.heightPx);
  const options = { dpr: 1, fontScale: 1, hoverX: null };
  const all = ghost === null ? options : { ...options, ghost };
  paintTimeline(canvas as unknown as CanvasRenderingContext2D, frame, box, palette, all);
  return canvas;
}

const textsOf = (canvas: CanvasRecorder) => canvas.texts.map(({ text }) => text);
const flat: Beside = { bucketMs: 1, atMs: 50, used: () => 4000 };

/** Where the line ends, CSS px. */
const endOf = (beside: Beside) =>
  Math.max(...painted(frameWith(beside)).dashes.map(({ right }) => right));
const leap = (ms: number) => (ms < 32 ? 500 : 3500);

/** Where the line of a use that leaps at 32 ms does, with buckets of that width. */
function leapX(bucketMs: number): number {
  const { dashes } = painted(frameWith({ bucketMs, atMs: 48, used: leap }));
  const middle = BOX.heightPx - 18 - 50;
  return dashes.find(({ bottom }) => bottom < middle)?.x ?? 0;
}

describe('the line of what runs beside', () => {
  it('is dashes of 2 px, 4.5 px apart, at the height of its highest use', () => {
    const { dashes } = painted(frameWith(flat));
    const starts = dashes.filter(({ x }, at) => dashes[at - 1]?.right !== x).map(({ x }) => x - 54);
    expect(starts.slice(0, 4)).toEqual([0, 5, 9, 14]);
    const [first] = dashes;
    const y = BOX.heightPx - 18 - (100 * 4000) / (4096 * 1.06);
    expect(((first?.y ?? 0) + (first?.bottom ?? 0)) / 2).toBeCloseTo(y, 1);
  });

  it('ends where it has come to, which may be behind the run', () => {
    expect(endOf(flat)).toBeGreaterThan(54 + 994);
    expect(endOf({ ...flat, atMs: 20 })).toBeGreaterThan(54 + 394);
    expect(endOf({ ...flat, atMs: 20 })).toBeLessThanOrEqual(54 + 400);
  });

  it('lies at the same moments whatever its buckets span', () => {
    expect(Math.abs(leapX(1) - leapX(4))).toBeLessThan(50);
    expect(leapX(1)).toBeGreaterThan(54 + 600);
  });

  it('makes room above when it used more than the run ever had', () => {
    const canvas = painted(frameWith({ ...flat, used: () => 9000 }));
    expect(Math.min(...canvas.dashes.map(({ y }) => y))).toBeGreaterThan(BOX.topPx);
  });

  it('is not there without a shadow', () => {
    const canvas = painted(frameWith(null));
    expect(canvas.dashes).toEqual([]);
    expect(textsOf(canvas).join()).not.toContain('no throttle');
  });
});

describe('its words', () => {
  it('name it at its end with its present use', () => {
    expect(textsOf(painted(frameWith(flat)))).toContain('no throttle 3,990');
  });

  it('say how far it has come while it lags', () => {
    const texts = textsOf(painted(frameWith({ ...flat, atMs: 20 }), { ...GHOST, progress: 0.409 }));
    expect(texts).toContain('no throttle 40 %');
  });

  it('count the failed maps of both, one row each', () => {
    const canvas = painted(frameWith({ ...flat, failedAtMs: [30, 31] }));
    expect(textsOf(canvas)).toEqual(
      expect.arrayContaining(['rfc: 2 map failures', 'no throttle: 84 map failures']),
    );
    const rowOf = (start: string) =>
      canvas.texts.find(({ text }) => text.startsWith(start))?.y ?? 0;
    expect(rowOf('rfc:')).toBeLessThan(rowOf('no throttle:'));
    expect(rowOf('no throttle:')).toBeLessThanOrEqual(BOX.topPx);
  });

  it('say so where one of the two had none', () => {
    const none = { ...GHOST, failedMaps: 0 };
    expect(textsOf(painted(frameWith(flat), none))).toContain('no throttle: no map failures');
  });

  it('stay clear of the labels at the right, however long the row of crosses', () => {
    const failedAtMs = Array.from({ length: 50 }, (_, ms) => ms);
    const frame = frameWith({ ...flat, failedAtMs });
    frame.header[HEADER.endNs] = 50 * MS;
    const { texts } = painted(frame);
    const words = texts.find(({ text }) => text === 'no throttle: 84 failed');
    expect(words).toBeDefined();
    expect((words?.x ?? 0) + (words?.text.length ?? 0) * 5.5).toBeLessThanOrEqual(1170 - 116);
  });
});

describe('its values under the pointer', () => {
  it('are those of the same time, from buckets of any width', () => {
    const beside: Beside = { bucketMs: 4, atMs: 48, used: (ms) => 100 * ms, failedAtMs: [9, 10] };
    expect(ghostBetween(frameWith(beside), 9 * MS, 10 * MS)).toEqual({
      usedMin: 790,
      usedMax: 800,
      failures: 2,
    });
    expect(ghostBetween(frameWith({ ...beside, bucketMs: 0.5 }), 9 * MS, 10 * MS)).toMatchObject({
      usedMin: 890,
      usedMax: 950,
    });
  });

  it('are none where it has not come yet, and none without it', () => {
    expect(ghostBetween(frameWith({ ...flat, atMs: 20 }), 21 * MS, 22 * MS)).toBeNull();
    expect(ghostBetween(frameWith(null), 1 * MS, 2 * MS)).toBeNull();
  });
});
