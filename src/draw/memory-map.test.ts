import { expect, test } from 'vitest';
import { isPatterned, LARGEST, mapColours, meanColour } from './memory-colours.ts';
import { layoutMemory, mapCellBox, type MapRoom } from './memory-layout.ts';
import { paintMemoryMap, type MapPicture } from './memory-map.ts';
import { readPalette } from './palette.ts';
import { CELL_BOOT, CELL_HOLE, CELL_KERNEL, MemoryColumns } from '../engine/memory-news.ts';
import { CanvasRecorder, PixelData } from '../testing/canvas-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';

const PALETTE = readPalette(styleOf(PLAIN_THEME));
const COLOURS = mapColours(PALETTE);
const patternOf = (kind: number) =>
  Array.from({ length: 144 }, (_, at) => isPatterned(kind, at % 12, Math.floor(at / 12))).join();
const fillOf = (kind: number, largest: number) => COLOURS.fill[kind * LARGEST + largest];

class Canvas extends CanvasRecorder {
  readonly frames: string[] = [];

  createImageData(width: number, height: number): PixelData {
    return new PixelData(width, height);
  }

  override strokeRect(...[x, y]: number[]): void {
    this.frames.push(`${this.strokeStyle} ${x} ${y}`);
  }
}

interface Shown {
  readonly columns: MemoryColumns;
  readonly room?: Partial<MapRoom>;
  readonly more?: Partial<MapPicture>;
}

function painted({ columns, room = {}, more = {} }: Shown) {
  const zones = [{ name: 'DMA32', firstCell: 0, cells: columns.kind.length }];
  const layout = layoutMemory(zones, { widthPx: 200, heightPx: 120, labelPx: 20, ...room });
  const canvas = new Canvas(layout.widthPx, Math.max(1, layout.heightPx));
  paintMemoryMap(canvas as unknown as CanvasRenderingContext2D, {
    layout,
    columns,
    palette: PALETTE,
    labels: ['DMA32 · all of it'],
    dpr: 1,
    fontPx: 11,
    targets: [],
    pointed: -1,
    opened: -1,
    ...more,
  });
  const pixel = (cell: number, x: number, y: number) => {
    const box = mapCellBox(layout, cell);
    return canvas.pixels[((box?.y ?? 0) + y) * layout.widthPx + (box?.x ?? 0) + x];
  };
  return { canvas, layout, pixel };
}

function columnsOf(kinds: readonly number[], largest: readonly number[] = []): MemoryColumns {
  const columns = new MemoryColumns(kinds.length);
  columns.kind.set(kinds);
  columns.largest.set(largest);
  return columns;
}

test('hue says what a pageblock is for, lightness the largest block free in it', () => {
  const { pixel } = painted({ columns: columnsOf([1, 1, 1], [0, 6, 11]) });
  const [used, some, free] = [0, 1, 2].map((cell) => pixel(cell, 20, 30));
  expect([used, some, free]).toEqual([fillOf(1, 0), fillOf(1, 6), fillOf(1, 11)]);
  expect(new Set([used, some, free]).size).toBe(3);
});

test('kinds differ by pattern and letter too, not by hue alone', () => {
  const { canvas } = painted({ columns: columnsOf([0, 1, 2, 3, 4, 5, CELL_KERNEL, CELL_BOOT]) });
  expect(canvas.texts.map(({ text }) => text)).toEqual([
    'DMA32 · all of it',
    'U–',
    'M–',
    'R–',
    'H–',
    'C–',
    'I–',
    'K',
    'B',
  ]);
  expect(new Set([0, 1, 2, 3, 4, 5].map(patternOf)).size).toBe(6);
});

test('what pools hold fills a cell from below, in proportion', () => {
  const columns = columnsOf([0, 0]);
  columns.pooled.set([256, 0]);
  const { pixel, layout } = painted({ columns });
  const side = layout.pitchPx - layout.gapPx;
  expect(pixel(0, 20, side - 1)).toBe(COLOURS.pool);
  expect(pixel(0, 20, side / 2)).toBe(COLOURS.pool);
  expect(pixel(0, 20, side / 2 - 2)).not.toBe(COLOURS.pool);
  expect(pixel(1, 20, side - 1)).not.toBe(COLOURS.pool);
});

test('a hole is an empty frame', () => {
  const { pixel } = painted({ columns: columnsOf([CELL_HOLE]) });
  expect([pixel(0, 0, 0), pixel(0, 15, 15)]).toEqual([COLOURS.border, COLOURS.ground]);
});

test('small cells are one colour, with as much of the pools in it as they hold', () => {
  const columns = columnsOf(Array.from({ length: 2000 }, () => 1));
  columns.pooled[1] = 512;
  const { pixel, layout, canvas } = painted({ columns });
  expect(layout).toMatchObject({ pitchPx: 3, perCell: 1 });
  expect([pixel(0, 0, 0), pixel(1, 2, 2)]).toEqual([fillOf(1, 0), COLOURS.pool]);
  expect(canvas.texts).toHaveLength(1);
});

test('many pageblocks in a cell are their mean; a tick tells of one that growth could use', () => {
  const columns = columnsOf(Array.from({ length: 16_000 }, (_, cell) => (cell < 4 ? 0 : 1)));
  columns.largest[5] = 9;
  const { pixel, layout } = painted({ columns });
  expect(layout.perCell).toBe(4);
  const second = meanColour(columns, 4, 4, COLOURS);
  expect(pixel(0, 0, 0)).toBe(fillOf(0, 0));
  expect(pixel(4, 0, 0)).toBe(second);
  expect(pixel(4, 0, 1)).toBe(COLOURS.pool);
  expect(pixel(0, 0, 1)).toBe(fillOf(0, 0));
  expect(second).not.toBe(fillOf(1, 0));
});

test('frames stand around what is pointed at, opened, and where growth would go', () => {
  const { canvas } = painted({
    columns: columnsOf([1, 1, 1, 1]),
    more: { targets: [1, 2], opened: 3, pointed: 0 },
  });
  const { accent, ink } = PALETTE.css;
  expect(canvas.frames).toEqual([
    `${accent} 35.5 19.5`,
    `${accent} 71.5 19.5`,
    `${ink} 107.5 19.5`,
    `${ink} -0.5 19.5`,
  ]);
});

test('the same news make the same picture', () => {
  const columns = columnsOf([0, 1, 2, CELL_KERNEL], [3, 4, 0, 0]);
  expect(painted({ columns }).canvas.pixels).toEqual(painted({ columns }).canvas.pixels);
});
