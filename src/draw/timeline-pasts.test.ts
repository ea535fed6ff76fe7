import { expect, test } from 'vitest';
import { HEADER, HISTORY_BUCKETS, SERIES } from '../engine/frame.ts';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { frameFrom, pushHistory } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { readPalette } from './palette.ts';
import type { Past, TimelineBox } from './timeline-chart.ts';
import { timelineLayers } from './timeline-more.ts';
import { paintTimeline } from './timeline.ts';

const MS = 1e6;
/** 100 px from 0 to 20 ms. */
const BOX: TimelineBox = {
  widthPx: 220,
  heightPx: 120,
  leftPx: 10,
  rightPx: 110,
  topPx: 20,
  bottomPx: 20,
};
const palette = readPalette(styleOf(PLAIN_THEME));

/** Notes what may be painted while it is clipped, and with which strength and dashes. */
class ClipRecorder extends CanvasRecorder {
  readonly strokes: { left: number; right: number; alpha: number; dashed: boolean }[] = [];
  #rect = { left: 0, right: 0 };
  #clip: { left: number; right: number } | null = null;
  #isDashed = false;
  save(): void {
    this.#clip = null;
  }
  restore(): void {
    this.#clip = null;
    this.globalAlpha = 1;
  }
  clip(): void {
    this.#clip = this.#rect;
  }
  override rect(...box: readonly number[]): void {
    const [left = 0, , width = 0] = box;
    this.#rect = { left, right: left + width };
  }
  override setLineDash(...[dashes = []]: readonly (readonly number[])[]): void {
    this.#isDashed = dashes.length > 0;
  }
  override stroke(): void {
    this.#note();
  }
  override fill(): void {
    this.#note();
  }
  #note(): void {
    if (this.#clip === null) return;
    this.strokes.push({ ...this.#clip, alpha: this.globalAlpha, dashed: this.#isDashed });
  }
}

function past(part: Partial<Past>): Past {
  const series = new Float32Array(5 * HISTORY_BUCKETS);
  series.fill(100, SERIES.usedMax * HISTORY_BUCKETS, SERIES.usedMax * HISTORY_BUCKETS + 16);
  return {
    name: 'Run 1',
    forkNs: 0,
    endNs: 16 * MS,
    isCurrent: false,
    bucketNs: MS,
    filled: 16,
    series,
    ...part,
  };
}

/** A run of 20 ms of which 8 ms have passed. */
function paint(pasts: readonly Past[]): ClipRecorder {
  const frame = frameFrom({ nslabs: 2048, timeNs: 8 * MS, bucketNs: MS });
  pushHistory(
    frame,
    Array.from({ length: 8 }, () => [10, 20, 2048, 20]),
  );
  frame.header[HEADER.knownNs] = 16 * MS;
  const canvas = new ClipRecorder(BOX.widthPx, BOX.heightPx);
  const options = { dpr: 1, fontScale: 1, hoverX: null, later: timelineLayers, pasts };
  paintTimeline(canvas as unknown as CanvasRenderingContext2D, frame, BOX, palette, options);
  return canvas;
}

test('the future that is known is painted at 38 %, from now on and as far as it was played', () => {
  const { strokes } = paint([past({ isCurrent: true })]);
  expect(strokes.length).toBeGreaterThan(0);
  for (const stroke of strokes) {
    expect(stroke).toMatchObject({ alpha: 0.38, dashed: false });
    expect(stroke.left).toBeCloseTo(BOX.leftPx + 40);
    expect(stroke.right).toBeCloseTo(BOX.leftPx + 80);
  }
});

test('a branch that was left is a dashed line from where it parted, with its name', () => {
  const { strokes, texts } = paint([past({ forkNs: 4 * MS, name: 'Deep queue' })]);
  expect(strokes[0]).toMatchObject({ alpha: 1, dashed: true });
  expect(strokes[0]?.left).toBeCloseTo(BOX.leftPx + 20);
  expect(texts.map(({ text }) => text)).toContain('Deep queue');
});

test('nothing is painted of a future that is over', () => {
  expect(paint([past({ isCurrent: true, endNs: 8 * MS })]).strokes).toEqual([]);
  expect(paint([]).strokes).toEqual([]);
});
