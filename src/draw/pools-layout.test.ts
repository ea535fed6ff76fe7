import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameFrom } from '../testing/frame-art.ts';
import type { Block, PanelBox, PoolShape, PoolsLayout, PoolsStyle } from './layout-types.ts';
import { layoutPools, poolShapes, sameShapes } from './pools-layout.ts';

const STAGE: PoolsStyle = {
  gutterPx: 50,
  compact: false,
  fontScale: 1,
  dpr: 1,
  dynamic: true,
};
const PANEL: PanelBox = { widthPx: 912, heightPx: 648 };
const PHONE: PoolsStyle = { gutterPx: 0, compact: true, fontScale: 1, dpr: 2, dynamic: true };

type Wish = Pick<PoolShape, 'kind' | 'nareas' | 'areaNslabs'>;

function shapesOf(wishes: readonly Wish[]): PoolShape[] {
  let slotOffset = 0;
  let areaOffset = 0;
  return wishes.map((wish, id) => {
    const nslabs = wish.nareas * wish.areaNslabs;
    const shape = { ...wish, id, nslabs, slotOffset, areaOffset };
    slotOffset += nslabs;
    areaOffset += wish.nareas;
    return shape;
  });
}

function defaultPool(nslabs: number, nareas: number): Wish {
  return { kind: 'default', nareas, areaNslabs: nslabs / nareas };
}

const DYNAMIC: Wish = { kind: 'dynamic', nareas: 8, areaNslabs: 256 };
const TRANSIENT: Wish = { kind: 'transient', nareas: 1, areaNslabs: 64 };

function heightOf(block: Block): number {
  return block.barPx ?? block.lines * block.pitch;
}

function overlap(one: Block, other: Block): boolean {
  const apart =
    one.x + one.lineSlots * one.cellW <= other.x + 1e-6 ||
    other.x + other.lineSlots * other.cellW <= one.x + 1e-6 ||
    one.y + heightOf(one) <= other.y + 1e-6 ||
    other.y + heightOf(other) <= one.y + 1e-6;
  return !apart;
}

function mainBlocks(layout: PoolsLayout): readonly Block[] {
  return layout.blocks.filter(({ kind }) => kind === 'default' || kind === 'restricted');
}

describe('the stage at 1440 x 900', () => {
  const layout = layoutPools(shapesOf([defaultPool(32_768, 8)]), PANEL, STAGE);

  it('shows 64 MiB in two columns of four areas, cells of 3 px, rows 4 px apart', () => {
    expect(layout.blocks).toHaveLength(8);
    expect(new Set(layout.blocks.map(({ x }) => x))).toEqual(new Set([62, 516]));
    for (const block of layout.blocks) {
      expect(block).toMatchObject({ cellW: 3, pitch: 4, lines: 32, lineSlots: 128 });
    }
  });

  it('keeps the place of a dynamic pool from the first second', () => {
    expect(layout.reserved).toEqual({ x: 62, y: 18, widthPx: 384, heightPx: 63 });
  });

  it('moves nothing when pools are grown', () => {
    for (const grown of [
      [DYNAMIC],
      [DYNAMIC, TRANSIENT],
      Array.from({ length: 9 }, () => DYNAMIC),
    ]) {
      const later = layoutPools(shapesOf([defaultPool(32_768, 8), ...grown]), PANEL, STAGE);
      expect(mainBlocks(later)).toEqual(mainBlocks(layout));
    }
  });

  it('shows a machine that cannot grow without a strip', () => {
    const still = layoutPools(shapesOf([defaultPool(32_768, 8)]), PANEL, {
      ...STAGE,
      dynamic: false,
    });
    expect(still.reserved).toBeNull();
    expect(still.titles.map(({ kind }) => kind)).toEqual(['default']);
  });
});

describe('pools of other sizes', () => {
  it('of a GiB fit the panel, two slots a pixel, a row a pixel', () => {
    const layout = layoutPools(shapesOf([defaultPool(524_288, 32)]), PANEL, STAGE);
    expect(layout.cellW).toBe(0.5);
    expect(layout.blocks[0]).toMatchObject({ pitch: 1, lines: 128, lineSlots: 128 });
    expect(layout.heightPx).toBeLessThanOrEqual(PANEL.heightPx);
  });

  it('beyond that put several segments on a line', () => {
    const layout = layoutPools(shapesOf([defaultPool(2_097_152, 32)]), PANEL, STAGE);
    expect(layout.blocks[0]?.lineSlots).toBeGreaterThan(128);
    expect(layout.heightPx).toBeLessThanOrEqual(PANEL.heightPx);
  });

  it('of a MiB have large cells with room for numbers', () => {
    const layout = layoutPools(shapesOf([defaultPool(512, 1)]), PANEL, STAGE);
    expect(layout.cellW).toBeGreaterThanOrEqual(6);
    expect(layout.blocks[0]?.pitch).toBeGreaterThanOrEqual(22);
  });

  it('with areas that are no whole rows are one block', () => {
    const layout = layoutPools(shapesOf([defaultPool(1152, 8)]), PANEL, STAGE);
    expect(mainBlocks(layout)).toHaveLength(1);
    expect(layout.blocks[0]).toMatchObject({ areaNslabs: 144, lines: 9 });
  });

  it('restricted ones stand below, at the same scale', () => {
    const restricted: Wish = { kind: 'restricted', nareas: 1, areaNslabs: 554 };
    const layout = layoutPools(shapesOf([defaultPool(32_768, 8), restricted]), PANEL, STAGE);
    const block = layout.blocks.at(-1);
    expect(block).toMatchObject({ kind: 'restricted', lines: 5, nslots: 554, cellW: 3 });
    expect(layout.titles.at(-1)?.kind).toBe('restricted');
  });

  it('none at all leave a layout without blocks', () => {
    const layout = layoutPools([], PANEL, { ...STAGE, dynamic: false });
    expect(layout.blocks).toEqual([]);
  });
});

describe('the strip', () => {
  const pools = [defaultPool(32_768, 8), ...Array.from({ length: 7 }, () => DYNAMIC)];

  it('shows the three newest dynamic pools in full, newest on top, and folds the others', () => {
    const { blocks, gutters } = layoutPools(shapesOf(pools), PANEL, STAGE);
    const dynamic = blocks.filter(({ kind }) => kind === 'dynamic');
    expect(dynamic.map(({ poolId }) => poolId)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(dynamic.map(({ lines }) => lines)).toEqual([16, 16, 16, 1, 1, 1, 1]);
    expect(gutters.find(({ folded }) => folded > 0)?.folded).toBe(4);
  });

  it('says how many found no room', () => {
    const many = [defaultPool(32_768, 8), ...Array.from({ length: 90 }, () => DYNAMIC)];
    const { blocks, titles } = layoutPools(shapesOf(many), PANEL, STAGE);
    const shown = blocks.filter(({ kind }) => kind === 'dynamic').length;
    expect(titles.find(({ kind }) => kind === 'dynamic')?.hidden).toBe(90 - shown);
  });

  it('draws a transient pool as one bar at the scale of the slots', () => {
    const { blocks } = layoutPools(shapesOf([defaultPool(32_768, 8), TRANSIENT]), PANEL, STAGE);
    const bar = blocks.find(({ kind }) => kind === 'transient');
    expect(bar).toMatchObject({ lines: 1, lineSlots: 64, cellW: 3, barPx: 5 });
    expect(bar?.isBare).toBeUndefined();
  });

  it('sets many transient pools several in a line, at the same scale, without their labels', () => {
    const small: Wish = { kind: 'transient', nareas: 1, areaNslabs: 32 };
    const many = [defaultPool(2048, 4), ...Array.from({ length: 40 }, () => small)];
    const { blocks, titles } = layoutPools(shapesOf(many), PANEL, STAGE);
    const bars = blocks.filter(({ kind }) => kind === 'transient');
    const lines = new Set(bars.map(({ y }) => y)).size;
    expect(lines).toBeGreaterThan(1);
    expect(bars.length).toBeGreaterThanOrEqual(3 * lines);
    expect(new Set(bars.map(({ cellW }) => cellW)).size).toBe(1);
    expect(bars.every(({ isBare }) => isBare)).toBe(true);
    const right = bars.map((bar) => bar.x + bar.nslots * bar.cellW);
    expect(Math.max(...right)).toBeLessThanOrEqual(PANEL.widthPx);
    expect(titles.find(({ kind }) => kind === 'transient')?.hidden).toBe(40 - bars.length);
  });
});

it('a phone has one column of cells as wide as the screen allows', () => {
  const box = { widthPx: 390, heightPx: 720 };
  const layout = layoutPools(shapesOf([defaultPool(32_768, 8)]), box, PHONE);
  expect(new Set(layout.blocks.map(({ x }) => x)).size).toBe(1);
  expect(layout.cellW).toBeCloseTo(2.8, 1);
  expect(layout.blocks[0]?.pitch).toBe(2);
  expect(layout.gutters.every(({ room }) => room === 'none')).toBe(true);
});

it('shapes are the same as long as the frame has the same pools', () => {
  const frame = frameFrom({ areas: 2, art: 'Aa' });
  const shapes = poolShapes(frame);
  expect(sameShapes(shapes, frameFrom({ areas: 2, art: '..Bb' }))).toBe(true);
  expect(sameShapes(shapes, frameFrom({ areas: 4, art: 'Aa' }))).toBe(false);
  expect(sameShapes(shapes, frameFrom({ areas: 2, more: [{ kind: 'dynamic' }] }))).toBe(false);
});

const anyAreas = fc.tuple(
  fc.constantFrom(1, 2, 4, 8, 32, 128),
  fc.oneof(
    fc.integer({ min: 1, max: 64 }).map((rows) => rows * 128),
    fc.integer({ min: 16, max: 2000 }),
  ),
);
const anyMain = (kind: 'default' | 'restricted') =>
  anyAreas.map(([nareas, areaNslabs]): Wish => ({ kind, nareas, areaNslabs }));
const anyPools = fc
  .tuple(
    anyMain('default'),
    fc.array(anyMain('restricted'), { maxLength: 2 }),
    fc.array(fc.constant(DYNAMIC), { maxLength: 12 }),
    fc.array(fc.constant(TRANSIENT), { maxLength: 7 }),
  )
  .map(([first, ...rest]) => shapesOf([first, ...rest.flat()]));
const anyBox = fc.record({
  widthPx: fc.integer({ min: 700, max: 2400 }),
  heightPx: fc.integer({ min: 400, max: 1400 }),
});
const anyStyle = fc
  .record({ dpr: fc.constantFrom(1, 1.5, 2, 3), present: fc.boolean() })
  .map(({ dpr, present }) => ({
    ...STAGE,
    dpr,
    gutterPx: present ? 64 : 50,
    fontScale: present ? 1.58 : 1,
  }));

/** Lines of text a pool of the strip has beside it. */
const STRIP_LINES = { full: 4, most: 4, half: 2, number: 1, none: 0 } as const;

/** Top and bottom of the text of each pool of the strip, from the top. */
function textsBeside(layout: PoolsLayout, linePx: number): [top: number, bottom: number][] {
  const strip = layout.gutters.filter(
    ({ room, wholePool, pool, folded }) =>
      room !== 'none' &&
      wholePool &&
      (folded > 0 || layout.blocks.find((block) => block.pool === pool)?.kind === 'dynamic'),
  );
  return strip.map(({ y, heightPx, room }) => {
    const textPx = STRIP_LINES[room] * linePx;
    const isLow = room === 'number' && heightPx < linePx - 2;
    const top = isLow ? y + (heightPx - textPx) / 2 : y;
    return [top, top + textPx];
  });
}

describe('text beside the strip', () => {
  const HALL = { ...STAGE, gutterPx: 64, fontScale: 1.58 };

  it.each([
    ['a desk', STAGE, 13],
    ['a hall', HALL, 24],
  ])('of %s never touches what is above and below it', (_, style, linePx) => {
    const grown = fc.array(
      fc.constantFrom<Wish>(DYNAMIC, { ...DYNAMIC, nareas: 4 }, { ...DYNAMIC, nareas: 2 }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(grown, anyBox, (pools, box) => {
        const layout = layoutPools(shapesOf([defaultPool(2048, 4), ...pools]), box, style);
        const texts = textsBeside(layout, linePx);
        for (const [index, [top]] of texts.entries()) {
          const before = texts[index - 1]?.[1] ?? -Infinity;
          // The last pixels of a line are the room of letters that hang below it.
          expect(top).toBeGreaterThanOrEqual(before - 3);
        }
        const title = layout.titles.find(({ kind }) => kind === 'dynamic');
        const titlePx = layout.blocks.find(({ kind }) => kind === 'dynamic')?.y ?? 0;
        const below = title === undefined ? -Infinity : titlePx - 4;
        expect(texts[0]?.[0] ?? Infinity).toBeGreaterThanOrEqual(below);
      }),
      { numRuns: 200 },
    );
  });

  it('is there for the newest pools where they are high enough', () => {
    const pools = [defaultPool(2048, 4), DYNAMIC, DYNAMIC, DYNAMIC];
    const layout = layoutPools(shapesOf(pools), { widthPx: 1100, heightPx: 620 }, HALL);
    expect(textsBeside(layout, 24).length).toBeGreaterThan(0);
  });
});

describe('whatever the pools, the panel and the screen', () => {
  it('every slot of the main pools stands in one block, at the start of a line', () => {
    fc.assert(
      fc.property(anyPools, anyBox, anyStyle, (pools, box, style) => {
        const layout = layoutPools(pools, box, style);
        for (const pool of pools.filter(
          ({ kind }) => kind === 'default' || kind === 'restricted',
        )) {
          const blocks = layout.blocks.filter(({ poolId }) => poolId === pool.id);
          let next = 0;
          for (const block of blocks) {
            expect(block.firstSlot).toBe(next);
            expect(block.firstSlot % 128).toBe(0);
            expect(block.lines).toBe(Math.ceil(block.nslots / block.lineSlots));
            next += block.nslots;
          }
          expect(next).toBe(pool.nslabs);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('blocks stand apart from each other and inside the panel', () => {
    fc.assert(
      fc.property(anyPools, anyBox, anyStyle, (pools, box, style) => {
        const { blocks } = layoutPools(pools, box, style);
        for (const [index, block] of blocks.entries()) {
          expect(block.x).toBeGreaterThanOrEqual(0);
          expect(block.x + block.lineSlots * block.cellW).toBeLessThanOrEqual(box.widthPx + 1e-6);
          for (const other of blocks.slice(index + 1)) expect(overlap(block, other)).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('cells are whole device pixels, or whole numbers of them share one', () => {
    fc.assert(
      fc.property(anyPools, anyBox, anyStyle, (pools, box, style) => {
        const { cellW } = layoutPools(pools, box, style);
        const device = cellW * style.dpr;
        const whole = device >= 1 ? device : 1 / device;
        expect(Math.abs(whole - Math.round(whole))).toBeLessThan(1e-6);
      }),
      { numRuns: 40 },
    );
  });
});
