import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  AREA,
  AREA_FIELDS,
  HEADER,
  OWNER_LAST,
  OWNER_PADDING,
  POOL,
  RUN_STATES,
  type FrameView,
} from '../engine/frame.ts';
import { CanvasRecorder, PixelData } from '../testing/canvas-art.ts';
import { frameFrom, type FrameArt } from '../testing/frame-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { paintHeatmap, type HeatmapOptions } from './heatmap.ts';
import { readPalette } from './palette.ts';
import { layoutPools, poolShapes } from './pools-layout.ts';
import { FIT, zoomAt, type Viewport } from './viewport.ts';

const palette = readPalette(styleOf(PLAIN_THEME));
const STAGE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: true };
const OPTIONS: HeatmapOptions = {
  dpr: 1,
  deviceNames: ['nvme0', 'eth0', 'vdb', 'sda'],
  off: new Set(),
  pinned: null,
  hover: null,
  focus: null,
  difference: null,
  nowMs: 0,
  detail: null,
};

vi.stubGlobal('ImageData', PixelData);

interface Scenery {
  readonly art: FrameArt;
  readonly box: { readonly widthPx: number; readonly heightPx: number };
  readonly zoom?: number;
  readonly dpr?: number;
}

/** Pools of every kind of drawing: pairs of slots, cells of 3 px, numbers, odd areas, bars. */
const SCENERY: Record<string, Scenery> = {
  'a pool of two slots a pixel': {
    art: { areas: 4, nslabs: 131_072 },
    box: { widthPx: 480, heightPx: 420 },
  },
  'cells of three pixels': {
    art: { areas: 8, nslabs: 8192 },
    box: { widthPx: 912, heightPx: 400 },
  },
  'large cells with numbers': { art: { nslabs: 512 }, box: { widthPx: 912, heightPx: 500 } },
  'areas that end in the middle of rows': {
    art: { areas: 8, nslabs: 1152 },
    box: { widthPx: 912, heightPx: 500 },
  },
  'dynamic, transient and restricted pools': {
    art: {
      areas: 4,
      nslabs: 2048,
      more: [
        { kind: 'restricted', nslabs: 554 },
        { kind: 'dynamic', areas: 8, nslabs: 2048 },
        { kind: 'transient', nslabs: 33, art: 'A'.padEnd(33, 'a'), device: 0 },
      ],
    },
    box: { widthPx: 912, heightPx: 600 },
  },
  'free runs of two slots a pixel': {
    art: { areas: 4, nslabs: 131_072, mode: 'free-run' },
    box: { widthPx: 480, heightPx: 420 },
  },
  'areas by colour, two slots a pixel': {
    art: { areas: 4, nslabs: 131_072, mode: 'area' },
    box: { widthPx: 480, heightPx: 420 },
  },
  'directions on a screen of two pixels a pixel': {
    art: { areas: 8, nslabs: 8192, mode: 'direction' },
    box: { widthPx: 912, heightPx: 400 },
    dpr: 2,
  },
  'zoomed in': {
    art: { areas: 8, nslabs: 8192 },
    box: { widthPx: 912, heightPx: 400 },
    zoom: 9,
  },
};

interface Stage {
  readonly frame: FrameView;
  readonly paint: (canvas: CanvasRecorder, options?: Partial<HeatmapOptions>) => void;
  readonly canvas: () => CanvasRecorder;
}

function stageOf({ art, box, zoom, dpr = 1 }: Scenery): Stage {
  const frame = frameFrom(art);
  const layout = layoutPools(poolShapes(frame), box, { ...STAGE, dpr });
  const at = { x: box.widthPx / 3, y: box.heightPx / 2 };
  const viewport: Viewport = zoom ? zoomAt(FIT, layout, zoom, at) : FIT;
  const look = { layout, viewport, palette };
  return {
    frame,
    canvas: () => new CanvasRecorder(layout.widthPx * dpr, layout.heightPx * dpr),
    paint: (canvas, options = {}) => {
      const context = canvas as unknown as CanvasRenderingContext2D;
      paintHeatmap(context, frame, look, { ...OPTIONS, dpr, ...options });
    },
  };
}

/** A change a run could make: some slots get another owner, an area another hint and use. */
interface Change {
  readonly slot: number;
  readonly length: number;
  readonly owner: number;
  readonly hint: number;
}

const anyChange: fc.Arbitrary<Change> = fc.record({
  slot: fc.nat(),
  length: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 2000, max: 40_000 })),
  owner: fc.constantFrom(0, 1, 2, 3, 0x81 | OWNER_LAST, 2 | OWNER_LAST, 1 | OWNER_PADDING),
  hint: fc.nat(),
});

function apply(frame: FrameView, change: Change): void {
  const from = change.slot % frame.counts.slots;
  frame.owner.fill(change.owner, from, from + change.length);
  frame.shade.fill(change.owner === 0 ? 0 : 1 + (change.owner % 3), from, from + change.length);
  const area = change.hint % frame.counts.areas;
  frame.areas[area * AREA_FIELDS + AREA.index] = change.hint % frame.pool(0, POOL.areaNslabs);
  frame.areas[area * AREA_FIELDS + AREA.used] = change.slot % frame.pool(0, POOL.areaNslabs);
  frame.areas[area * AREA_FIELDS + AREA.holder] = (change.hint % 3) - 1;
}

describe.each(Object.entries(SCENERY))('%s', (_, scenery) => {
  it('painted change by change give the picture that is painted at once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyChange, { maxLength: 6 }), { maxLength: 4 }), (steps) => {
        const stage = stageOf(scenery);
        const kept = stage.canvas();
        stage.paint(kept);
        for (const step of steps) {
          for (const change of step) apply(stage.frame, change);
          const hover = { pool: 0, slot: (step[0]?.slot ?? 0) % 512 };
          stage.paint(kept, { hover });
          const fresh = stage.canvas();
          stage.paint(fresh, { hover });
          expect(Buffer.from(kept.pixels.buffer).equals(Buffer.from(fresh.pixels.buffer))).toBe(
            true,
          );
          expect(kept.texts).toEqual(fresh.texts);
        }
      }),
      { numRuns: 10 },
    );
  });
});

it.each(Object.entries(SCENERY))('%s is drawn as its name says', (name, { art, box }) => {
  const { cellW } = layoutPools(poolShapes(frameFrom(art)), box, STAGE);
  expect(cellW === 0.5).toBe(name.includes('two slots a pixel'));
});

describe('the panel', () => {
  const stage = stageOf({
    art: { areas: 8, nslabs: 32_768, art: 'Aaa' },
    box: { widthPx: 912, heightPx: 648 },
  });
  const canvas = stage.canvas();
  stage.paint(canvas);
  const texts = canvas.texts.map(({ text }) => text);

  it('says in exact numbers what there is', () => {
    expect(texts).toContain('Default pool');
    expect(texts).toContain(
      '32,768 slots · 64 MiB · 8 areas of 4,096 slots, one lock each · ' +
        'one row is one segment: no buffer crosses its end',
    );
    expect(texts).toContain('128 = 256 KiB');
    expect(texts).toContain('none yet: grown when no pool has room');
  });

  it('says of each area whose it is, how full, and whether its lock is free', () => {
    expect(texts.filter((text) => text === 'free')).toHaveLength(8);
    expect(texts).toContain('CPU 7');
    expect(texts).toContain('3');
    expect(texts).toContain('0.1 %');
  });

  it('puts little on the canvas when little changed, and nothing when nothing did', () => {
    const before = canvas.puts;
    stage.paint(canvas);
    expect(canvas.puts).toBe(before);
    stage.frame.owner[20_000] = 2;
    stage.paint(canvas);
    expect(canvas.puts).toBe(before + 1);
  });

  it('frames the pinned mapping in accent, a pixel off', () => {
    const pinned = stage.canvas();
    stage.paint(pinned, { pinned: { pool: 0, slot: 128, nslots: 4 } });
    const at = (x: number, y: number) => pinned.pixels[y * 912 + x];
    expect(at(60, 127 - 2)).toBe(palette.packed.accent);
    expect(at(62 + 12 + 1, 127 + 1)).toBe(palette.packed.accent);
    expect(at(70, 127)).toBe(palette.packed.free);
  });

  it('labels what kernel and model took where they parted', () => {
    const parted = stage.canvas();
    stage.paint(parted, {
      difference: {
        kernelAt: { pool: 0, slot: 256, nslots: 8 },
        modelAt: { pool: 0, slot: 512, nslots: 1 },
      },
    });
    const labels = parted.texts.map(({ text }) => text);
    expect(labels).toContain('kernel took 8 slots from 256');
    expect(labels).toContain('model took slot 512');
  });
});

it('numbers are exact when the run stands, and wait for their turn while it plays', () => {
  const stage = stageOf({ art: { nslabs: 512 }, box: { widthPx: 912, heightPx: 400 } });
  const canvas = stage.canvas();
  const used = (count: number) => {
    stage.frame.areas[AREA.used] = count;
    return () => canvas.texts.some(({ text }) => text === `${count}`);
  };
  stage.frame.header[HEADER.runState] = RUN_STATES.indexOf('playing');
  const first = used(77);
  stage.paint(canvas, { nowMs: 1000 });
  expect(first()).toBe(true);
  const second = used(99);
  stage.paint(canvas, { nowMs: 1016 });
  expect(second()).toBe(false);
  stage.paint(canvas, { nowMs: 1300 });
  expect(second()).toBe(true);
  stage.frame.header[HEADER.runState] = RUN_STATES.indexOf('paused');
  const third = used(55);
  stage.paint(canvas, { nowMs: 1301 });
  expect(third()).toBe(true);
});

it('zoomed in far enough a cell shows its four fields, in the kernel’s spelling', () => {
  const stage = stageOf({
    art: { areas: 8, nslabs: 8192, art: 'Aaa' },
    box: { widthPx: 912, heightPx: 400 },
    zoom: 48,
  });
  const canvas = stage.canvas();
  const count = 2000;
  stage.paint(canvas, {
    detail: {
      from: { pool: 0, slot: 0 },
      list: Array.from({ length: count }, () => 7),
      allocSize: Array.from({ length: count }, () => 6144),
      origAddr: Array.from({ length: count }, (_, slot) => (slot % 2 ? null : 0x2828000)),
      padSlots: Array.from({ length: count }, () => 0),
    },
  });
  const texts = new Set(canvas.texts.map(({ text }) => text));
  for (const text of ['list', 'alloc_size', 'orig_addr', 'pad_slots', '6,144', '0x002828000']) {
    expect(texts).toContain(text);
  }
  expect([...texts].some((text) => text.startsWith('bus 0x'))).toBe(true);
});
