import { describe, expect, it } from 'vitest';
import { OWNER_THROTTLED, type FrameView } from '../engine/frame.ts';
import { frameFrom, type FrameArt } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { mix, over } from './colour.ts';
import { readPalette } from './palette.ts';
import { fillSlotPixels, slotBytes, type LineShape, type PixelTarget } from './slot-pixels.ts';
import { slotTables } from './slot-table.ts';

const palette = readPalette(styleOf(PLAIN_THEME));
const { free, bg, lid, ink, ink2, ink3, line2, well } = palette.packed;

/** A letter for every colour that may come out; small for the device, capital for its end. */
const LETTERS = new Map<number, string>([
  [free, '.'],
  [bg, ' '],
  [lid, '^'],
  [ink, 'I'],
  [ink2, '2'],
  [ink3, '3'],
  [line2, '-'],
  [well, '_'],
  [mix(bg, free, 0.25), ','],
  ...palette.devicesPacked.flatMap((colour, hue): [number, string][] => {
    const letter = 'abcdef'[hue] ?? '?';
    const dim = mix(free, colour, 0.25);
    return [
      [colour, letter],
      [over(colour, palette.edge), letter.toUpperCase()],
      [dim, '%'],
      [over(dim, palette.edge), '&'],
    ];
  }),
]);

interface Look {
  readonly cellW?: number;
  readonly cellH?: number;
  readonly xPx?: number;
  readonly yPx?: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly wallPx?: number;
  readonly unitPx?: number;
  readonly off?: readonly string[];
  readonly shades?: readonly number[];
  readonly from?: number;
  readonly to?: number;
  readonly prepare?: (frame: FrameView) => void;
}

function shapeOf(look: Look, slots: number): LineShape {
  const cellW = look.cellW ?? 3;
  const perPixel = cellW < 1 ? 1 / cellW : 0;
  const count = perPixel > 0 ? Math.ceil(slots / perPixel) : slots;
  const edges = Int32Array.from({ length: count + 1 }, (_, index) =>
    perPixel > 0 ? Math.min(slots, index * perPixel) : Math.round(index * cellW),
  );
  return {
    xPx: look.xPx ?? 0,
    cellPx: look.cellH ?? 1,
    edges,
    perPixel,
    edgePx: cellW < 2 ? 0 : (look.unitPx ?? 1),
    wallPx: look.wallPx ?? 0,
    unitPx: look.unitPx ?? 1,
  };
}

/** Puts the lid on a frame's first two slots. */
function throttle(frame: FrameView): void {
  for (const slot of [0, 1]) frame.owner[slot] = (frame.owner[slot] ?? 0) | OWNER_THROTTLED;
}

function targetFor(look: Look, slots: number): PixelTarget {
  const { cellW = 3, cellH = 1 } = look;
  const { widthPx = Math.ceil(slots * cellW), heightPx = cellH } = look;
  return { pixels: new Uint32Array(widthPx * heightPx), widthPx, heightPx };
}

/** The pixels of a line as letters, one string a pixel row; `:` where nothing was painted. */
function painted(art: FrameArt, look: Look = {}): string[] {
  const frame = frameFrom(art);
  look.prepare?.(frame);
  frame.shade.set(look.shades ?? []);
  const slots = (art.art ?? '').length;
  const target = targetFor(look, slots);
  const [table] = slotTables(art.mode ?? 'device', palette, new Set(look.off));
  if (!table) throw new Error('no table');
  const bytes = slotBytes(frame.owner, frame.shade, table.shaded);
  const { from = 0, to = slots, yPx = 0 } = look;
  const line = { yPx, offset: 0, from, to, length: slots };
  fillSlotPixels(target, shapeOf(look, slots), line, bytes, table);
  return Array.from({ length: target.heightPx }, (_, row) => {
    const at = row * target.widthPx;
    const pixels = target.pixels.subarray(at, at + target.widthPx);
    return Array.from(pixels, (pixel) => (pixel === 0 ? ':' : (LETTERS.get(pixel) ?? '?'))).join(
      '',
    );
  });
}

describe('a line of slots', () => {
  it('is a bar for each mapping, its last pixel column the edge', () => {
    expect(painted({ art: 'Aaa.BBb.' })).toEqual(['aaaaaaaaA...bbBbbbbbB...']);
  });

  it('repeats its pixel row down to the height of a cell', () => {
    expect(painted({ art: 'A.' }, { cellH: 3 })).toEqual(['aaA...', 'aaA...', 'aaA...']);
  });

  it('has gaps of ground between free cells when they are wide', () => {
    expect(painted({ art: '..Aa' }, { cellW: 6, wallPx: 1 })).toEqual(['..... ..... aaaaaaaaaaaA']);
  });

  it('of a pixel a slot keeps its colour: an edge would hide it', () => {
    expect(painted({ art: 'AaBc.' }, { cellW: 1 })).toEqual(['aabc.']);
  });

  it('of a broken width is laid out pixel by pixel', () => {
    expect(painted({ art: 'A.B' }, { cellW: 2.5 })).toEqual(['aaA..bbB']);
  });

  it('is cut where the canvas ends, left, right, above and below', () => {
    const whole = painted({ art: 'Aa.Bb' });
    const cut = painted({ art: 'Aa.Bb' }, { xPx: -4, widthPx: 8 });
    expect(cut).toEqual([whole[0]?.slice(4, 12)]);
    expect(painted({ art: 'A' }, { cellH: 3, yPx: -2, heightPx: 2 })).toEqual(['aaA', ':::']);
    expect(painted({ art: 'A' }, { cellH: 3, yPx: 1, heightPx: 2 })).toEqual([':::', 'aaA']);
    expect(painted({ art: 'A' }, { xPx: 40, widthPx: 5 })).toEqual([':::::']);
  });

  it('may be painted in part', () => {
    expect(painted({ art: 'AAAA' }, { from: 1, to: 3 })).toEqual([':::aaAaaA:::']);
  });
});

describe('patterns', () => {
  it('padding is a checker of the device on free', () => {
    expect(painted({ art: '+Aa' }, { cellH: 3 })).toEqual(['a.aaaaaaA', '.a.aaaaaA', 'a.aaaaaaA']);
  });

  it('padding is a hatch at 45 degrees in wide cells', () => {
    const rows = painted({ art: '+A' }, { cellW: 10, cellH: 5, wallPx: 1 });
    const hatch = rows.map((row) => row.slice(0, 10));
    expect(hatch[0]).toBe('aa...aa...');
    expect(hatch[1]).toBe('a...aa...a');
    expect(hatch[4]).toBe('.aa...aa..');
  });

  it('throttled slots wear a lid over their upper third, beside the edge', () => {
    expect(painted({ art: 'Aa' }, { cellH: 3, prepare: throttle })).toEqual([
      '^^^^^A',
      'aaaaaA',
      'aaaaaA',
    ]);
  });

  it('a hue used again is notched, twice when it is used a third time', () => {
    const notched = painted({ art: 'Ggg', devices: 14 }, { cellH: 3 });
    expect(notched).toEqual(['aaaaaaaaA', 'aaaaaaaaA', '..aaaaaaA']);
    const twice = painted({ art: 'Mmm', devices: 14 }, { cellH: 3 });
    expect(twice).toEqual(['..aaaaaaA', 'aaaaaaaaA', '..aaaaaaA']);
  });

  it('directions are cut above, below or both at their first slot, allocated memory between', () => {
    const look = { cellH: 3, shades: [2, 3, 1, 4] };
    const rows = painted({ art: 'AAAA', mode: 'direction' }, look);
    expect(rows.map((row) => row[9])).toEqual(['e', '.', 'e']);
    expect(rows.map((row) => row[0])).toEqual(['.', '2', '2']);
    expect(rows.map((row) => row[3])).toEqual(['-', '-', '.']);
    expect(rows.map((row) => row[6])).toEqual(['.', '3', '.']);
  });
});

describe('modes', () => {
  it('state shows used and free, and padding all the same', () => {
    expect(painted({ art: 'A+B.', mode: 'state' }, { cellW: 1 })).toEqual(['333.']);
  });

  it('free run shades free slots, and leaves used ones dark', () => {
    const look = { cellW: 1, shades: [0, 128, 1] };
    const [row = ''] = painted({ art: 'A..', mode: 'free-run' }, look);
    expect(row[0]).toBe('_');
    expect(row[1]).toBe('I');
    expect(row[2]).not.toBe('I');
  });

  it('request colours go by the shade', () => {
    const rows = painted({ art: 'AaA', mode: 'request' }, { shades: [1, 1, 2] });
    expect(rows).toEqual(['aaaaaAbbB']);
  });

  it('area has a table for each of six areas in turn', () => {
    const tables = slotTables('area', palette, new Set());
    expect(tables.map(({ body }) => LETTERS.get(body[1] ?? 0))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
    ]);
  });
});

describe('the legend as a filter', () => {
  it('lets what is off fall to a quarter', () => {
    expect(painted({ art: 'A.B' }, { off: ['device:0'] })).toEqual(['%%&...bbB']);
    expect(painted({ art: 'A.B' }, { off: ['free'] })).toEqual(['aaA,,,bbB']);
  });

  it('shows padding alone when everything else is off', () => {
    const off = ['device:0', 'device:1', 'free'];
    expect(painted({ art: '+A', devices: 2 }, { off })).toEqual(['a.a%%&']);
    expect(painted({ art: '+A' }, { off: ['padding'] })).toEqual(['%.%aaA']);
  });
});

describe('below a pixel a slot', () => {
  it('a pixel is the mean of its slots', () => {
    const [row = ''] = painted({ art: 'AaAa..' }, { cellW: 0.5 });
    expect(row).toBe('aa.');
    const mixed = painted({ art: 'A.' }, { cellW: 0.5 });
    expect(mixed).toEqual(['?']);
  });

  it('padding counts half, as its checker looks', () => {
    const frame = frameFrom({ art: '++Aa' });
    const [table] = slotTables('device', palette, new Set());
    const [device = 0] = palette.devicesPacked;
    expect(table?.mean[frame.owner[0] ?? 0]).toBe(mix(free, device, 0.5));
  });

  it('any number of slots may share a pixel, the last one whatever is left', () => {
    expect(painted({ art: 'Aaaaaaaa........' }, { cellW: 1 / 8 })).toEqual(['a.']);
    expect(painted({ art: 'Aaaaaa' }, { cellW: 0.25 })).toEqual(['aa']);
  });

  it('pairs of slots give the same as the mean of two', () => {
    const [table] = slotTables('device', palette, new Set());
    const frame = frameFrom({ art: 'A.' });
    const [one = 0, two = 0] = frame.owner;
    const mean = mix(table?.mean[one] ?? 0, table?.mean[two] ?? 0, 0.5);
    const pair = table?.pairs[(one | (two << 8)) & table.mask & 0xffff] ?? 0;
    for (const shift of [0, 8, 16]) {
      expect(Math.abs(((pair >>> shift) & 255) - ((mean >>> shift) & 255))).toBeLessThanOrEqual(1);
    }
  });
});
