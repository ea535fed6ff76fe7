import { describe, expect, it } from 'vitest';
import { HEADER, type FrameView } from '../engine/frame.ts';
import { CanvasRecorder } from '../testing/canvas-art.ts';
import { frameFrom, pushHistory } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { readPalette } from './palette.ts';
import { poolBands } from './timeline-capacity.ts';
import { timelineLayers } from './timeline-more.ts';
import { paintTimeline, type TimelineBox } from './timeline.ts';

const MS = 1e6;
const BOX: TimelineBox = {
  widthPx: 1156,
  heightPx: 180,
  leftPx: 54,
  rightPx: 116,
  topPx: 19,
  bottomPx: 18,
};
const palette = readPalette(styleOf(PLAIN_THEME));

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Remembers the boxes that were filled, by colour. */
class BoxRecorder extends CanvasRecorder {
  readonly boxes = new Map<string, Box[]>();

  override fillRect(x: number, y: number, width: number, height: number): void {
    super.fillRect(x, y, width, height);
    const list = this.boxes.get(this.fillStyle) ?? [];
    this.boxes.set(this.fillStyle, list);
    list.push({ x, y, width, height });
  }
}

/** Pools of these many slots besides the 2,048 at boot, one a millisecond from 5 ms on; 10 ms over. */
function grown(slots: readonly number[], used = 0): FrameView {
  const frame = frameFrom({
    nslabs: 2048,
    timeNs: 10 * MS,
    bucketNs: MS,
    bornNs: 3 * MS,
    more: [
      // As the frame has them: the newest last, transient ones behind.
      ...slots.map((nslabs, at) => {
        return { nslabs, kind: 'dynamic', bornNs: (5 + at) * MS } as const;
      }),
      { nslabs: 32, kind: 'transient', bornNs: 9 * MS },
    ],
  });
  frame.header[HEADER.nslabs] = 2048 + slots.reduce((sum, one) => sum + one, 0);
  const capacityAt = (ms: number) =>
    slots.slice(0, Math.max(0, ms - 4)).reduce((sum, one) => sum + one, 2048);
  pushHistory(
    frame,
    Array.from({ length: 10 }, (_, ms) => [used, used, capacityAt(ms), used]),
  );
  return frame;
}

function paint(frame: FrameView): BoxRecorder {
  const canvas = new BoxRecorder(BOX.widthPx, BOX.heightPx);
  const look = { dpr: 1, fontScale: 1, hoverX: null, later: timelineLayers };
  paintTimeline(canvas as unknown as CanvasRenderingContext2D, frame, BOX, palette, look);
  return canvas;
}

const textsOf = (frame: FrameView) => paint(frame).texts.map(({ text }) => text);

const top = (boxes: readonly Box[]) => Math.min(...boxes.map(({ y }) => y));

describe('the stack of pools', () => {
  it('has the default pool at the bottom from the beginning, and each dynamic one from its birth', () => {
    expect(poolBands(grown([1024, 512]))).toEqual([
      { from: 0, to: 2048, bornNs: 0 },
      { from: 2048, to: 3072, bornNs: 5 * MS },
      { from: 3072, to: 3584, bornNs: 6 * MS },
    ]);
  });

  it('fills a band for each pool, as high as it has slots', () => {
    const { boxes } = paint(grown([2048, 2048]));
    const [boot] = boxes.get(palette.css.cap0) ?? [];
    const bands = boxes.get(palette.css.cap1) ?? [];
    expect(bands).toHaveLength(2);
    for (const band of bands) expect(Math.abs(band.height - (boot?.height ?? 0))).toBeLessThan(2);
    const nsPerPx = (20 * MS) / (BOX.widthPx - BOX.leftPx - BOX.rightPx);
    expect(boot?.x).toBe(BOX.leftPx);
    for (const [at, band] of bands.entries()) {
      expect(band.x).toBeCloseTo(BOX.leftPx + ((5 + at) * MS) / nsPerPx, 6);
    }
  });

  it('paints no more boxes for a thousand pools than there are pixels, up to the very top', () => {
    const many = paint(grown(Array.from({ length: 1000 }, () => 512)));
    const bands = many.boxes.get(palette.css.cap1) ?? [];
    expect(bands.length).toBeLessThan(BOX.heightPx);
    const few = paint(grown([512_000])).boxes.get(palette.css.cap1) ?? [];
    expect(Math.abs(top(bands) - top(few))).toBeLessThanOrEqual(1);
  });
});

/** Where the names of three pools of 4 MiB stand, with so many slots in use all the time. */
function namedAt(used: number): number[] {
  const frame = grown([2048, 2048], used);
  frame.header[HEADER.endNs] = 10 * MS;
  const { texts } = paint(frame);
  return texts.filter(({ text }) => text.endsWith('iB')).map(({ y }) => y);
}

describe('the names of pools', () => {
  it('are their sizes, where their bands have room', () => {
    const texts = textsOf(grown([2048, 1024, 64]));
    expect(texts.filter((text) => text === '4 MiB')).toHaveLength(2);
    expect(texts).toContain('2 MiB');
    expect(texts).not.toContain('128 KiB');
  });

  it('are left out where a single pool stands, and where bands are too low for them', () => {
    expect(textsOf(grown([])).some((text) => text.endsWith('MiB'))).toBe(false);
    const texts = textsOf(grown(Array.from({ length: 40 }, () => 512)));
    expect(texts.filter((text) => text.endsWith('iB'))).toEqual([]);
  });

  it('never touch each other, however many there are', () => {
    for (const pools of [1, 2, 3, 5, 8, 13]) {
      const named = paint(grown(Array.from({ length: pools }, () => 2048))).texts.filter(
        ({ text }) => text.endsWith('iB'),
      );
      const ys = named.map(({ y }) => y).toSorted((one, other) => one - other);
      const gaps = ys.slice(1).map((y, at) => y - (ys[at] ?? 0));
      expect(Math.min(Infinity, ...gaps)).toBeGreaterThanOrEqual(11);
    }
  });

  it('keep out of the way of the line of use, when there is no time to come', () => {
    const all = namedAt(0);
    expect(all).toHaveLength(3);
    // From the top: a line through the middle of a band takes its name, and no other.
    for (const [at, used] of [5120, 3072, 1024].entries()) {
      expect(namedAt(used)).toEqual(all.filter((_, one) => one !== at));
    }
  });
});

it('transient pools are piled on the capacity, with their number at the line’s end', () => {
  const frame = grown([1024]);
  expect(textsOf(frame).some((text) => text.startsWith('transient'))).toBe(false);
  frame.header[HEADER.transientNslabs] = 64;
  pushHistory(frame, [[0, 0, 3072, 0, 0, 0, 0, 0, 32, 64]]);
  expect(textsOf(frame)).toContain('transient 64');
});
