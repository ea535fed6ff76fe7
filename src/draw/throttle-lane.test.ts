import { describe, expect, it } from 'vitest';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { throttledFrame, type ThrottleArt } from '../testing/throttle-art.ts';
import { readPalette } from './palette.ts';
import { fitColumns } from './queue-columns.ts';
import { laneRows } from './lane-place.ts';
import { paintThrottleLane, type LaneOptions, type LanePlace } from './throttle-lane.ts';
import { moveNsOf } from './motion-pace.ts';

const palette = readPalette(styleOf(PLAIN_THEME));
const PLACE: LanePlace = { widthPx: 256, heightPx: 344, leftPx: 90, topPx: 128 };
const OPTIONS: LaneOptions = {
  dpr: 1,
  fontScale: 1,
  deviceNames: ['nvme0', 'nvme1'],
  paceNs: 1e7,
  moveNs: moveNsOf(1e7, false),
};
const MS = 1e6;

function painted(art: ThrottleArt, place = PLACE, options = OPTIONS): CanvasRecorder {
  const canvas = new CanvasRecorder(place.widthPx + 1, place.heightPx);
  const context = canvas as unknown as CanvasRenderingContext2D;
  paintThrottleLane(context, throttledFrame(art), place, palette, options);
  return canvas;
}

const textsOf = (...args: Parameters<typeof painted>) =>
  painted(...args).texts.map(({ text }) => text);

const queueOf = (count: number, sinceNs = 0) =>
  Array.from({ length: count }, (_, row) => ({ device: row % 2, sinceNs: sinceNs + row }));

describe('the queue on the canvas', () => {
  it('stands in its order, each with device, size, threshold and wait', () => {
    const queue = [
      { device: 1, bytes: 258_048, sinceNs: 2 * MS, why: 'high' as const },
      { device: 0, bytes: 4096, sinceNs: 5 * MS, why: 'low' as const },
    ];
    expect(textsOf({ timeNs: 10 * MS, queue })).toEqual(
      [
        ['KiB', 'over', 'waits'],
        ['1', 'nvme1', '252', 'high', '8 ms'],
        ['2', 'nvme0', '4', 'low', '5 ms'],
      ].flat(),
    );
  });

  it('over ten shows nine and counts the others', () => {
    const texts = textsOf({ timeNs: MS, queue: queueOf(48), waiting: 10_000 });
    expect(texts).toContain('9');
    expect(texts).not.toContain('10');
    expect(texts).toContain('and 9,991 more');
    expect(textsOf({ timeNs: MS, queue: queueOf(10) })).toContain('10');
  });

  it('says who starves, by a word as well', () => {
    const texts = textsOf({
      timeNs: 200 * MS,
      queue: [{ sinceNs: 20 * MS }, { sinceNs: 150 * MS }],
    });
    expect(texts.filter((text) => text === 'starved')).toHaveLength(1);
    expect(texts).toContain('high');
  });

  it('takes fewer rows where there is no room', () => {
    expect(laneRows(PLACE, 1, 10)).toBe(10);
    expect(laneRows(PLACE, 1, 11)).toBe(9);
    expect(laneRows({ ...PLACE, heightPx: 250 }, 1, 8)).toBe(2);
    expect(laneRows({ ...PLACE, heightPx: 100 }, 1, 8)).toBe(0);
  });

  it('of nobody is bare', () => {
    expect(textsOf({ timeNs: MS })).toEqual([]);
  });
});

const art = (ms: number): ThrottleArt => ({
  timeNs: ms * MS,
  queue: [{ sinceNs: 0 }],
  passed: [{ arrivedNs: 50 * MS, admittedNs: 100 * MS, placedNs: 100 * MS }],
});

function rowY(ms: number): number {
  return painted(art(ms)).texts.find(({ text }) => text === '1')?.y ?? -1;
}

/** Where the only row stands that came at 10 ms. */
function xAt(ms: number): number {
  const { texts } = painted({ timeNs: ms * MS, queue: [{ sinceNs: 10 * MS }] });
  return texts.find(({ text }) => text === '1')?.x ?? Infinity;
}

describe('a request on its way', () => {
  it('lets the next row move up behind it', () => {
    expect(rowY(100) - rowY(110)).toBe(15);
    expect(rowY(102.1)).toBeGreaterThan(rowY(104));
    expect(rowY(102.1)).toBeLessThan(rowY(100));
  });

  it('comes in from the right', () => {
    expect(xAt(12)).toBeGreaterThan(xAt(14));
    expect(xAt(14.2)).toBe(102);
  });

  it('stands still for whoever wants no motion', () => {
    const still = { ...OPTIONS, moveNs: 0 };
    const at = (ms: number) =>
      painted(art(ms), PLACE, still).texts.find(({ text }) => text === '1');
    expect(at(100)?.y).toBe(at(110)?.y);
  });
});

describe('the columns', () => {
  const widths = { name: 34, size: 20, why: 22, wait: 40 };

  it('stand side by side where there is room', () => {
    expect(fitColumns(widths, 166, 30, 6)).toEqual({
      name: 30,
      nameRoom: 36,
      size: 92,
      why: 120,
      wait: 166,
    });
  });

  it('lose the size first, then the threshold, never the wait', () => {
    expect(fitColumns(widths, 150, 30, 6)).toMatchObject({ size: null, why: 104, wait: 150 });
    expect(fitColumns(widths, 120, 30, 6)).toMatchObject({ size: null, why: null, wait: 120 });
  });
});
