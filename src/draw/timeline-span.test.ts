import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER, SERIES } from '../engine/frame.ts';
import { LongGrowth } from '../testing/long-growth.ts';
import { momentAt, timelineAt } from './timeline-at.ts';
import { placeOf, timelineSpanNs } from './timeline-chart.ts';
import { attemptsIn, spanReading } from './timeline-span.ts';

const EVERY_NS = 1000;
const EVENTS = 50_000;
const failedAt = new Set([1000, 20_000, 20_001, 49_999]);
const run = new LongGrowth().run({
  events: EVENTS,
  everyNs: EVERY_NS,
  growthFailedAt: failedAt,
  mapFailedAt: new Set([7, 20_000]),
  halvedEvery: 100,
});
const frame = run.frame();
const BOX = { widthPx: 1000, heightPx: 120, leftPx: 50, rightPx: 100, topPx: 30, bottomPx: 18 };

describe('the figures of a stretch', () => {
  it('are those of every event in it, none lost and none twice', () => {
    const whole = spanReading(frame, { fromNs: 0, toNs: frame.head(HEADER.timeNs) });
    expect(whole).toMatchObject({
      fromNs: 0,
      toNs: (EVENTS - 1) * EVERY_NS,
      failures: 2,
      growthFailed: 4,
      // Every hundredth event, of which two failed instead.
      halved: EVENTS / 100 - 2,
      transients: EVENTS - EVENTS / 100 - 2,
      transientsFailed: 0,
      conversions: EVENTS / 100 - 2,
      ordersRefused: EVENTS / 100 - 2 + 2 * 4,
      usedMax: run.hiwater,
      transientMin: 0,
      transientMax: 64,
    });
  });

  it('begin and end where the history can tell exactly, around what was selected', () => {
    const moment = fc.integer({ min: 0, max: (EVENTS - 1) * EVERY_NS });
    const bucketNs = frame.head(HEADER.bucketNs);
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const [fromNs, toNs] = [Math.min(one, other), Math.max(one, other)];
        const reading = spanReading(frame, { fromNs, toNs });
        expect(reading?.fromNs).toBeLessThanOrEqual(fromNs);
        expect((reading?.fromNs ?? 1) % bucketNs).toBe(0);
        expect(reading?.toNs).toBeGreaterThanOrEqual(Math.min(toNs, frame.head(HEADER.timeNs)));
        const failed = [...failedAt].filter((event) => {
          const bucket = Math.floor((event * EVERY_NS) / bucketNs) * bucketNs;
          return bucket >= (reading?.fromNs ?? 0) && bucket < (reading?.toNs ?? 0);
        });
        expect(reading?.growthFailed).toBe(failed.length);
      }),
    );
  });

  it('are none where nothing has happened yet', () => {
    const toNs = 2 * EVENTS * EVERY_NS;
    expect(spanReading(frame, { fromNs: frame.head(HEADER.timeNs) + 1, toNs })).toBeNull();
  });

  it('of two neighbours add up to those of both', () => {
    const middleNs = 500 * frame.head(HEADER.bucketNs);
    const endNs = frame.head(HEADER.timeNs);
    const [one, other, both] = [
      { fromNs: 0, toNs: middleNs },
      { fromNs: middleNs, toNs: endNs },
      { fromNs: 0, toNs: endNs },
    ].map((span) => spanReading(frame, span));
    for (const field of ['transients', 'halved', 'growthFailed', 'ordersRefused'] as const) {
      expect((one?.[field] ?? 0) + (other?.[field] ?? 0)).toBe(both?.[field]);
    }
  });
});

describe('places and moments', () => {
  it('lead to each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: frame.head(HEADER.timeNs) }), (timeNs) => {
        expect(momentAt(frame, BOX, placeOf(frame, BOX, timeNs))).toBeCloseTo(timeNs, 3);
      }),
    );
  });

  it('are held within the run so far', () => {
    expect(momentAt(frame, BOX, 0)).toBe(0);
    expect(momentAt(frame, BOX, 999)).toBe(frame.head(HEADER.timeNs));
    expect(timelineSpanNs(frame)).toBeGreaterThanOrEqual(frame.head(HEADER.timeNs));
  });

  it('under a pixel are its own buckets', () => {
    const reading = timelineAt(frame, BOX, 300);
    const bucket = (reading?.fromNs ?? 0) / frame.head(HEADER.bucketNs);
    expect(reading?.transients).toBe(frame.series(SERIES.transients)[bucket]);
  });
});

it('attempts of a stretch are those that began in it', () => {
  const moments = [1, 5, 9].map((timeNs) => ({ timeNs }));
  expect(attemptsIn(moments, { fromNs: 5, toNs: 9 })).toEqual([{ timeNs: 5 }, { timeNs: 9 }]);
});
