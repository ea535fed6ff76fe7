import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER, type FrameView } from '../engine/frame.ts';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { frameFrom, pushHistory } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { minMaxColumns } from './min-max-columns.ts';
import { readPalette } from './palette.ts';
import { paintSparkline } from './sparkline.ts';
import { timelineAt } from './timeline-at.ts';
import { spread } from './spread.ts';
import { timelineSpanNs } from './timeline-chart.ts';
import { paintTimeline, type TimelineBox, type TimelineOptions } from './timeline.ts';

const palette = readPalette(styleOf(PLAIN_THEME));
const BOX: TimelineBox = {
  widthPx: 1156,
  heightPx: 124,
  leftPx: 54,
  rightPx: 116,
  topPx: 19,
  bottomPx: 18,
};
const OPTIONS = { dpr: 1, fontScale: 1, hoverX: null };

/** A long run of which 45 ms are over: usage climbs, three maps failed at 20 ms. */
function begun(): FrameView {
  const frame = frameFrom({
    areas: 8,
    nslabs: 32_768,
    timeNs: 45e6,
    endNs: 1e9,
    bucketNs: 1e6,
  });
  const buckets = Array.from({ length: 45 }, (_, ms) => {
    const used = ms * 100;
    return [used, used + 50, 32_768, used + 50, ms === 20 ? 3 : 0, used];
  });
  pushHistory(frame, buckets);
  frame.header[HEADER.used] = 4400;
  frame.header[HEADER.hiwater] = 4450;
  return frame;
}

function textsOf(frame: FrameView, box = BOX, more: Partial<TimelineOptions> = {}): string[] {
  const canvas = new CanvasRecorder(box.widthPx, box.heightPx);
  paintTimeline(canvas as unknown as CanvasRenderingContext2D, frame, box, palette, {
    ...OPTIONS,
    ...more,
  });
  return canvas.texts.map(({ text }) => text);
}

describe('the extremes of columns', () => {
  const anySeries = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 300 });

  it('are the least and the most of all points, none lost', () => {
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 1, max: 200 }), (points, wanted) => {
        const columns = Math.min(points.length, wanted);
        const { low, high } = minMaxColumns(points, points, points.length, columns);
        expect(Math.max(...high)).toBe(Math.max(...points));
        expect(Math.min(...low)).toBe(Math.min(...points));
        expect([...low].every((value, column) => value <= (high[column] ?? 0))).toBe(true);
      }),
    );
  });

  it('are the points themselves when there are as many columns', () => {
    fc.assert(
      fc.property(anySeries, (points) => {
        const { low, high } = minMaxColumns(points, points, points.length, points.length);
        expect([...low]).toEqual(points);
        expect([...high]).toEqual(points);
      }),
    );
  });

  it('stand as steps when there are more columns: no wedge between a low and the next high', () => {
    const { low, high } = minMaxColumns([0, 90], [80, 100], 2, 8);
    expect([...low]).toEqual([0, 0, 0, 0, 90, 90, 90, 90]);
    expect([...high]).toEqual([80, 80, 80, 80, 100, 100, 100, 100]);
  });

  it('are drawn as wide as the last point has come, and none is lost', () => {
    expect([...minMaxColumns([1, 2], [1, 2], 2, 6, 1.5).high]).toEqual([1, 1, 1, 1, 2, 2]);
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 1, max: 900 }), (points, columns) => {
        const across = points.length - 0.9;
        const { low, high } = minMaxColumns(points, points, points.length, columns, across);
        expect(Math.max(...high)).toBe(Math.max(...points));
        expect(Math.min(...low)).toBe(Math.min(...points));
      }),
    );
  });

  it('of no points are zero', () => {
    expect([...minMaxColumns([], [], 0, 2).high]).toEqual([0, 0]);
  });
});

describe('the span', () => {
  it('is a round one with room behind now, never beyond the end', () => {
    expect(timelineSpanNs(begun())).toBeGreaterThan(45e6);
    expect(timelineSpanNs(frameFrom({ timeNs: 45e6, endNs: 46e6 }))).toBe(46e6);
    expect(timelineSpanNs(frameFrom({ timeNs: 45e6, endNs: 40e6 }))).toBe(45e6);
  });
});

describe('the timeline', () => {
  it('labels its lines at their ends and its axes', () => {
    const texts = textsOf(begun());
    for (const text of ['capacity 32,768', 'peak 4,450', 'used 4,400', '16,384', '0 ms', '20']) {
      expect(texts).toContain(text);
    }
  });

  it('counts the maps that failed', () => {
    expect(textsOf(begun())).toContain('3 map failures');
    expect(textsOf(frameFrom({})).some((text) => text.includes('failure'))).toBe(false);
  });

  it('leaves the labels of the lines out where there is no room', () => {
    const texts = textsOf(begun(), { ...BOX, rightPx: 12 });
    expect(texts.some((text) => text.startsWith('used'))).toBe(false);
  });

  it('paints a run that has not begun', () => {
    expect(textsOf(frameFrom({ timeNs: 0, endNs: 1e6 }))).toContain('0 µs');
  });
});

describe('the values under the pointer', () => {
  const width = BOX.widthPx - BOX.leftPx - BOX.rightPx;
  const xAt = (ms: number) => BOX.leftPx + (width * ms * 1e6) / timelineSpanNs(begun());

  it('are those of the bucket it is on', () => {
    expect(timelineAt(begun(), BOX, xAt(20.4))).toEqual({
      fromNs: 20e6,
      toNs: 21e6,
      usedMin: 2000,
      usedMax: 2050,
      capacityBefore: 32_768,
      capacity: 32_768,
      hiwater: 2050,
      transientMin: 0,
      transientMax: 0,
      failures: 3,
      grown: 0,
      halved: 0,
      growthFailed: 0,
      transients: 0,
      transientsFailed: 0,
      ordersRefused: 0,
      conversions: 0,
    });
  });

  it('are none beside the plot and in the time to come', () => {
    const frame = begun();
    expect(timelineAt(frame, BOX, 10)).toBeNull();
    expect(timelineAt(frame, BOX, BOX.widthPx - 3)).toBeNull();
    expect(timelineAt(frame, BOX, xAt(46))).toBeNull();
  });

  it('cover all buckets of a pixel that has several', () => {
    const narrow = { ...BOX, widthPx: BOX.leftPx + BOX.rightPx + 10 };
    const reading = timelineAt(begun(), narrow, BOX.leftPx + 2);
    const [fromNs, toNs] = [0.2, 0.3].map((share) => share * timelineSpanNs(begun()));
    expect(reading).toMatchObject({ fromNs, toNs });
    expect(reading?.usedMin).toBe((fromNs ?? 0) / 1e4);
    expect(reading?.usedMax).toBe((toNs ?? 0) / 1e4 - 50);
  });
});

it('labels say the numbers they are given, where others on the page say the same', () => {
  const figures = { nslabs: 32_768, hiwater: 4444, used: 1234, failedMaps: 7, transientNslabs: 0 };
  const texts = textsOf(begun(), BOX, { figures });
  expect(texts).toEqual(expect.arrayContaining(['used 1,234', 'peak 4,444', '7 map failures']));
});

it('labels are spread apart and kept above the floor', () => {
  expect(spread([10, 12, 60], 13, 100)).toEqual([10, 23, 60]);
  expect(spread([90, 95, 99], 13, 100)).toEqual([74, 87, 100]);
});

it('a sparkline of a device that the frame does not have is empty ground', () => {
  const canvas = new CanvasRecorder(100, 20);
  const context = canvas as unknown as CanvasRenderingContext2D;
  const box = { widthPx: 100, heightPx: 20 };
  expect(() => {
    paintSparkline(context, begun(), box, palette, { dpr: 1, device: 99 });
  }).not.toThrow();
});
