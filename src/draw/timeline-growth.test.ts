import { describe, expect, it } from 'vitest';
import { HEADER, HISTORY_BUCKETS, SERIES } from '../engine/frame.ts';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { LongGrowth } from '../testing/long-growth.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { throttledFrame } from '../testing/throttle-art.ts';
import { readPalette } from './palette.ts';
import { chartOf, timelineSpanNs, type GrowthMoment } from './timeline-chart.ts';
import { groupMarks, markLane, markOf, shortFigure } from './timeline-growth.ts';
import { timelineLayers } from './timeline-more.ts';
import { paintTimeline } from './timeline.ts';

const MS = 1e6;
const refused = { path: 'failed' };
const served = { path: 'fast' };

function moment(ms: number, part: Partial<GrowthMoment> = {}): GrowthMoment {
  return {
    timeNs: ms * MS,
    costNs: 1000,
    by: 'worker',
    slots: 2048,
    tries: [served],
    converted: [0, 0, 0],
    ...part,
  };
}

const at = (x: number, mark: 'grown' | 'failed' = 'grown') => {
  return { x, mark, count: 1, conversions: 0 };
};
const isSum = (text: string) => text.includes('grown');

describe('what a mark says of an attempt', () => {
  it('is that it is under way until its time has passed', () => {
    expect(markOf(moment(1), MS + 999)).toBe('attempt');
    expect(markOf(moment(1), MS + 1000)).toBe('grown');
  });

  it('is halved when an order was refused before another was got, and failed when none was', () => {
    expect(markOf(moment(1, { tries: [refused, served], slots: 1024 }), 2 * MS)).toBe('halved');
    expect(markOf(moment(1, { tries: [refused, refused], slots: 0 }), 2 * MS)).toBe('failed');
  });

  it('is transient for a pool of one request, and failed when that was refused', () => {
    expect(markOf(moment(1, { by: 'transient', slots: 32 }), MS)).toBe('transient');
    expect(markOf(moment(1, { by: 'transient', slots: 0 }), MS)).toBe('failed');
  });
});

describe('marks that would touch', () => {
  it('are one from 12 px down, with the most telling of them', () => {
    const groups = groupMarks([at(0), at(11.9, 'failed'), at(40)], 12, () => 6);
    expect(groups).toEqual([
      { x: 0, mark: 'failed', count: 2, conversions: 0 },
      { x: 40, mark: 'grown', count: 1, conversions: 0 },
    ]);
    expect(groupMarks([at(0), at(12)], 12, () => 6)).toHaveLength(2);
  });

  it('leave room for the number of those before them', () => {
    expect(groupMarks([at(0), at(5), at(17)], 12, () => 6)).toMatchObject([{ count: 3 }]);
    expect(groupMarks([at(0), at(5), at(18)], 12, () => 6)).toMatchObject([{ count: 2 }, {}]);
  });
});

/** A canvas that remembers where crosses, and nothing else, were stroked in a colour. */
class StrokeRecorder extends CanvasRecorder {
  readonly crosses: { readonly colour: string; readonly x: number; readonly y: number }[] = [];
  #points: (readonly [number, number])[] = [];

  override beginPath(): void {
    this.#points = [];
  }

  override moveTo(...[x = 0, y = 0]: number[]): void {
    this.#points.push([x, y]);
  }

  override lineTo(...[x = 0, y = 0]: number[]): void {
    this.#points.push([x, y]);
  }

  override stroke(): void {
    for (let first = 0; first + 3 < this.#points.length; first += 4) {
      const [[x0, y0] = [0, 0], [x1, y1] = [0, 0]] = this.#points.slice(first, first + 2);
      const colour = this.strokeStyle;
      this.crosses.push({ colour, x: (x0 + x1) / 2, y: (y0 + y1) / 2 });
    }
  }
}

describe('ten million events', () => {
  const box = {
    widthPx: 1156,
    heightPx: 124,
    leftPx: 54,
    rightPx: 116,
    topPx: 33,
    growthPx: 14,
    bottomPx: 18,
  };
  const palette = readPalette(styleOf(PLAIN_THEME));
  const EVENTS = 10_000_000;

  /** A run of which one attempt to grow failed, and one map, both long forgotten by the log. */
  function painted(growthFailed: number, mapFailed: number) {
    const run = new LongGrowth().run({
      events: EVENTS,
      everyNs: 100,
      growthFailedAt: new Set([growthFailed]),
      mapFailedAt: new Set([mapFailed]),
      halvedEvery: 1000,
    });
    const frame = run.frame();
    const canvas = new StrokeRecorder(box.widthPx, box.heightPx);
    const growth = run.log.since(0).slice(-200);
    const look = { dpr: 1, fontScale: 1, hoverX: null, growth, later: timelineLayers };
    const context = canvas as unknown as CanvasRenderingContext2D;
    paintTimeline(context, frame, box, palette, look);
    return { run, frame, canvas };
  }

  it.each([
    [17, EVENTS - 3],
    [4_999_999, 12_345],
    [EVENTS - 1000, 5_000_000],
  ])('show the one attempt that failed, event %i, and the one map, event %i', (growth, map) => {
    const { frame, canvas } = painted(growth, map);
    const placeOf = (event: number) =>
      box.leftPx + ((box.widthPx - box.leftPx - box.rightPx) * event * 100) / timelineSpanNs(frame);
    const crosses = canvas.crosses.filter(({ colour }) => colour === palette.css.accent);
    const inLane = (from: number, to: number) => crosses.filter(({ y }) => y > from && y < to);
    const maps = inLane(0, box.topPx - box.growthPx);
    expect(maps).toHaveLength(1);
    expect(Math.abs((maps[0]?.x ?? 0) - placeOf(map))).toBeLessThan(2);
    const attempts = inLane(box.topPx - box.growthPx, box.topPx);
    expect(attempts).toHaveLength(1);
    // Its group begins at most a mark and a number before it.
    const before = placeOf(growth) - (attempts[0]?.x ?? 0);
    expect(before).toBeGreaterThan(-2);
    expect(before).toBeLessThan(60);
    const texts = canvas.texts.map(({ text }) => text);
    expect(texts.some((text) => text.startsWith('1 map fail') || text === '1 failed')).toBe(true);
  });

  it('are all counted, at the cost of the buckets', () => {
    const { frame, run } = painted(40, 50);
    const chart = {
      ...chartOf(null as unknown as CanvasRenderingContext2D, frame, box, {
        palette,
        options: { dpr: 1, fontScale: 1, hoverX: null, growth: run.log.since(0).slice(-200) },
      }),
    };
    const { marks, counts } = markLane(chart);
    expect(marks.length).toBeLessThanOrEqual(HISTORY_BUCKETS + 200);
    const { transient, halved, failed, grown, attempt } = counts;
    expect(transient + halved + failed + grown + attempt).toBe(EVENTS);
    expect(failed).toBe(1);
    expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(EVENTS);
    expect(run.log.since(0).length).toBeGreaterThan(200);
  });
});

it('numbers of marks stay short', () => {
  expect([7, 9999, 10_000, 999_499, 999_500, 1_200_000, 9_960_000, 1e7].map(shortFigure)).toEqual([
    '7',
    '9,999',
    '10k',
    '999k',
    '1M',
    '1.2M',
    '10M',
    '10M',
  ]);
});

describe('the lane of growth', () => {
  const box = {
    widthPx: 1156,
    heightPx: 124,
    leftPx: 54,
    rightPx: 116,
    topPx: 33,
    growthPx: 14,
    bottomPx: 18,
  };
  const palette = readPalette(styleOf(PLAIN_THEME));

  function textsOf(growth: readonly GrowthMoment[], growthPx = 14): string[] {
    const frame = throttledFrame({ nslabs: 1024, timeNs: 20 * MS, bucketNs: MS, policy: 'none' });
    const canvas = new CanvasRecorder(box.widthPx, box.heightPx);
    const context = canvas as unknown as CanvasRenderingContext2D;
    const look = { dpr: 1, fontScale: 1, hoverX: null, growth, later: timelineLayers };
    paintTimeline(context, frame, { ...box, growthPx }, palette, look);
    return canvas.texts.map(({ text }) => text);
  }

  it('numbers marks in one place, and says what all of them are', () => {
    const growth = [
      moment(5, { by: 'transient', slots: 32 }),
      moment(5.01, { by: 'transient', slots: 32 }),
      moment(5.02),
      moment(8, { tries: [refused], slots: 0 }),
    ];
    expect(textsOf(growth)).toEqual(
      expect.arrayContaining(['3', '1 failed, 1 grown, 2 transient']),
    );
  });

  it('shows attempts that nobody tells one by one any more, by the history', () => {
    const frame = throttledFrame({ nslabs: 1024, timeNs: 20 * MS, bucketNs: MS, policy: 'none' });
    frame.header[HEADER.bucketsFilled] = 20;
    frame.series(SERIES.transients)[3] = 40;
    frame.series(SERIES.growthFailed)[3] = 1;
    frame.series(SERIES.grown)[9] = 2;
    frame.series(SERIES.conversions)[9] = 2;
    frame.series(SERIES.conversions)[10] = 1;
    // One of the two that were grown in bucket 9 is still known one by one: it is not told twice.
    const growth = [moment(9.2, { converted: [1, 0, 2] })];
    const canvas = new CanvasRecorder(box.widthPx, box.heightPx);
    const context = canvas as unknown as CanvasRenderingContext2D;
    const look = { dpr: 1, fontScale: 1, hoverX: null, growth, later: timelineLayers };
    paintTimeline(context, frame, box, palette, look);
    const texts = canvas.texts.map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining(['41', '1 failed, 2 grown, 40 transient, 3 conversions']),
    );
  });

  it('shows nothing of what comes after the moment shown, nor where there is no lane', () => {
    expect(textsOf([moment(21)]).some(isSum)).toBe(false);
    expect(textsOf([moment(5)], 0).some(isSum)).toBe(false);
    expect(textsOf([moment(5)]).some(isSum)).toBe(true);
  });
});
