import { describe, expect, it } from 'vitest';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { throttledFrame } from '../testing/throttle-art.ts';
import { readPalette } from './palette.ts';
import type { GrowthMoment } from './timeline-chart.ts';
import { groupMarks, markOf, paintGrowth } from './timeline-growth.ts';
import { paintTimeline } from './timeline.ts';

const MS = 1e6;
const refused = { path: 'failed' };
const served = { path: 'fast' };

function moment(ms: number, part: Partial<GrowthMoment> = {}): GrowthMoment {
  return { timeNs: ms * MS, costNs: 1000, by: 'worker', slots: 2048, tries: [served], ...part };
}

const at = (x: number, mark: 'grown' | 'failed' = 'grown') => ({ x, mark });
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
      { x: 0, mark: 'failed', count: 2 },
      { x: 40, mark: 'grown', count: 1 },
    ]);
    expect(groupMarks([at(0), at(12)], 12, () => 6)).toHaveLength(2);
  });

  it('leave room for the number of those before them', () => {
    expect(groupMarks([at(0), at(5), at(17)], 12, () => 6)).toMatchObject([{ count: 3 }]);
    expect(groupMarks([at(0), at(5), at(18)], 12, () => 6)).toMatchObject([{ count: 2 }, {}]);
  });
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
    const look = { dpr: 1, fontScale: 1, hoverX: null, growth, paintGrowth };
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

  it('shows nothing of what comes after the moment shown, nor where there is no lane', () => {
    expect(textsOf([moment(21)]).some(isSum)).toBe(false);
    expect(textsOf([moment(5)], 0).some(isSum)).toBe(false);
    expect(textsOf([moment(5)]).some(isSum)).toBe(true);
  });
});
