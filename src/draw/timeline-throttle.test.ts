import { describe, expect, it } from 'vitest';
import { HEADER, SERIES } from '../engine/frame.ts';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { pushHistory } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { throttledFrame, type ThrottleArt } from '../testing/throttle-art.ts';
import { holderRun } from './holder-run.ts';
import { readPalette } from './palette.ts';
import { waitSpans } from './timeline-throttle.ts';
import { paintTimeline } from './timeline.ts';

const palette = readPalette(styleOf(PLAIN_THEME));
const BOX = {
  widthPx: 1156,
  heightPx: 124,
  leftPx: 54,
  rightPx: 116,
  topPx: 31,
  throttlePx: 12,
  bottomPx: 18,
};

/** 40 ms of which somebody waited from 20 ms on. */
function textsOf(art: ThrottleArt, from = 20): string[] {
  const frame = throttledFrame({ nslabs: 1024, timeNs: 40e6, bucketNs: 1e6, ...art });
  const bucket = (ms: number) => {
    const row = Array.from({ length: 8 }, () => 0);
    row[SERIES.capacity] = 1024;
    row[SERIES.highThrottle] = 716;
    row[SERIES.lowThrottle] = 665;
    row[SERIES.waiting] = ms >= from ? 3 : 0;
    return row;
  };
  pushHistory(
    frame,
    Array.from({ length: 40 }, (_, ms) => bucket(ms)),
  );
  const canvas = new CanvasRecorder(BOX.widthPx, BOX.heightPx);
  const context = canvas as unknown as CanvasRenderingContext2D;
  paintTimeline(context, frame, BOX, palette, { dpr: 1, fontScale: 1, hoverX: null });
  return canvas.texts.map(({ text }) => text);
}

describe('the throttle on the timeline', () => {
  it('has its thresholds named at their ends, and the time in which somebody waited', () => {
    expect(textsOf({})).toEqual(expect.arrayContaining(['high 716', 'low 665', 'throttling']));
  });

  it('says its word behind the bar where there is no room before it', () => {
    expect(textsOf({}, 0)).toContain('throttling');
  });

  it('is not there where nothing is throttled', () => {
    const texts = textsOf({ policy: 'none' }, 99);
    expect(texts.some((text) => /^(?:high|low|throttling)/.test(text))).toBe(false);
  });
});

describe('spans of waiting', () => {
  it('are the buckets in which somebody waited', () => {
    expect(waitSpans([0, 1, 2, 0, 0, 4], 6, 0)).toEqual([
      { from: 1, to: 3 },
      { from: 5, to: 6 },
    ]);
  });

  it('that are near are one, and buckets not filled yet are none', () => {
    expect(waitSpans([1, 0, 1, 0, 0, 1], 6, 1)).toEqual([
      { from: 0, to: 3 },
      { from: 5, to: 6 },
    ]);
    expect(waitSpans([1, 1, 1], 0, 0)).toEqual([]);
  });
});

function frameAt(ms: number, runState = 1) {
  const frame = throttledFrame({
    timeNs: ms * 1e6,
    passed: [{ arrivedNs: 0, admittedNs: 1e6, placedNs: 2e6, slot: 64, nslots: 40 }],
  });
  frame.header[HEADER.runState] = runState;
  return frame;
}

describe('the run of the holder', () => {
  const pace = { moveNs: 4e6, paceNs: 1e7 };

  it('grows from its first slot while it is taken', () => {
    const slots = [2, 3, 4, 6, 9].map((ms) => holderRun(frameAt(ms), pace)?.span.nslots);
    expect(slots).toEqual([1, 7, 20, 40, 40]);
    expect(holderRun(frameAt(3), pace)?.span.slot).toBe(64);
  });

  it('is whole at once for whoever wants no motion', () => {
    expect(holderRun(frameAt(2), { ...pace, moveNs: 0 })?.span.nslots).toBe(40);
  });

  it('is named when it has held for long enough to be read, or time stands still', () => {
    expect(holderRun(frameAt(3), pace)?.isNamed).toBe(false);
    expect(holderRun(frameAt(7), pace)?.isNamed).toBe(true);
    expect(holderRun(frameAt(3, 0), pace)?.isNamed).toBe(true);
  });

  it('is nowhere while nobody holds the semaphore', () => {
    expect(holderRun(throttledFrame({}), pace)).toBeNull();
  });
});
