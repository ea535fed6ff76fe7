import { describe, expect, it } from 'vitest';
import { AREA, AREA_FIELDS, HEADER, type FrameView } from '../engine/frame.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { addressOf, figure, memoryOf, percentOf, spanOf } from './figures.ts';
import { cpusOf, gutterLines, gutterSignature } from './gutter-words.ts';
import type { Gutter, PoolTitle } from './layout-types.ts';
import { barWords, titleWords, type TitleWords } from './pool-words.ts';
import { layoutPools, poolShapes } from './pools-layout.ts';
import { areaSummaries, poolSentence, runsTable } from './summary.ts';

const NAMES = ['nvme0', 'eth0'];
const STAGE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: true };

describe('figures', () => {
  it('are exact first, with their unit behind', () => {
    expect(figure(22_937)).toBe('22,937');
    expect([512, 32_768, 554, 1].map(memoryOf)).toEqual(['1 MiB', '64 MiB', '1.1 MiB', '2 KiB']);
    expect(percentOf(22_937, 34_816)).toBe('65.9 %');
    expect(percentOf(1, 0)).toBe('–');
    expect([850, 1234, 7.6e6, 3.25e8, 1.5e9].map(spanOf)).toEqual([
      '850 ns',
      '1.2 µs',
      '7.6 ms',
      '325 ms',
      '1.5 s',
    ]);
    expect(addressOf(0x3a800000)).toBe('0x03a800000');
  });
});

describe('the CPUs of an area', () => {
  it('are those that are it modulo the areas', () => {
    expect(cpusOf(2, 8, 8)).toBe('CPU 2');
    expect(cpusOf(2, 8, 16)).toBe('CPU 2, 10');
    expect(cpusOf(2, 8, 64)).toBe('CPU 2, 10…');
    expect(cpusOf(6, 8, 6)).toBe('no CPU');
    expect(cpusOf(0, 1, 8)).toBe('CPU 0–7');
    expect(cpusOf(0, 1, 1)).toBe('CPU 0');
  });
});

function gutterOf(frame: FrameView, change: Partial<Gutter> = {}): Gutter {
  const layout = layoutPools(poolShapes(frame), { widthPx: 912, heightPx: 648 }, STAGE);
  const [gutter] = layout.gutters;
  if (!gutter) throw new Error('no gutter');
  return { ...gutter, ...change };
}

function readingOf(frame: FrameView, change: Partial<Gutter> = {}): string[] {
  return gutterLines(gutterOf(frame, change), frame).map(
    ({ glyph, before, text }) => `${glyph ? `(${glyph})` : ''}${before}${text}`,
  );
}

function lock(frame: FrameView, area: Partial<Record<keyof typeof AREA, number>>): void {
  for (const [name, value] of Object.entries(area)) {
    frame.areas[AREA[name as keyof typeof AREA]] = value;
  }
}

describe('a gutter', () => {
  const frame = frameFrom({ areas: 8, nslabs: 32_768, art: 'Aaa', timeNs: 1e6 });

  it('says area, CPU, lock, slots in use, share, and time spun', () => {
    expect(readingOf(frame)).toEqual([
      'area 0',
      'CPU 0',
      '(free)free',
      '',
      '3',
      '0.1 %',
      '',
      'spun',
      '0.0 %',
    ]);
  });

  it('says who holds the lock and who spins for it', () => {
    const held = frameFrom({ areas: 8, nslabs: 32_768 });
    lock(held, { holder: 3 });
    expect(readingOf(held)[2]).toBe('(held)held');
    lock(held, { spinners: 1, firstSpinner: 6 });
    expect(readingOf(held).slice(2, 4)).toEqual(['(spun)CPU 6', 'spins']);
    lock(held, { spinners: 3 });
    expect(readingOf(held).slice(2, 4)).toEqual(['(spun)3 CPUs', 'spin']);
  });

  it('says less where there is less room', () => {
    expect(readingOf(frame, { room: 'most' })).toEqual([
      'area 0',
      'CPU 0',
      '(free)free',
      '3',
      '0.1 %',
      'spun',
      '0.0 %',
    ]);
    expect(readingOf(frame, { room: 'half' })).toEqual(['0', '0 %']);
    expect(readingOf(frame, { room: 'number' })).toEqual(['0']);
    expect(readingOf(frame, { room: 'none' })).toEqual([]);
  });

  it('of the second part of an area says from which row', () => {
    const one = frameFrom({ areas: 1, nslabs: 32_768 });
    expect(readingOf(one, { fromRow: 128 })).toEqual(['from row', '128']);
    expect(readingOf(one, { fromRow: 0 })[0]).toBe('area 0');
  });

  it('has another signature when it reads otherwise', () => {
    const other = frameFrom({ areas: 8, nslabs: 32_768, art: 'Aaa', timeNs: 1e6 });
    const gutter = gutterOf(frame);
    expect(gutterSignature(gutter, other)).toBe(gutterSignature(gutter, frame));
    const seen = new Set([gutterSignature(gutter, frame)]);
    for (const change of [{ used: 4 }, { holder: 2 }, { spinners: 1 }, { spunNs: 4000 }]) {
      lock(other, change);
      seen.add(gutterSignature(gutter, other));
    }
    expect(seen.size).toBe(5);
  });
});

function words(title: Partial<PoolTitle>, frame: FrameView): TitleWords {
  const full = { x: 0, y: 0, widthPx: 900, kind: 'default', pools: [0], hidden: 0, ...title };
  return titleWords(
    full as PoolTitle,
    frame,
    { deviceNames: NAMES, regionNames: ['usb_dma'] },
    { perPixel: 1, segments: 1 },
  );
}

describe('titles', () => {
  it('get shorter from the end', () => {
    const { name, wordings } = words({}, frameFrom({ areas: 8, nslabs: 32_768 }));
    expect(name).toBe('Default pool');
    expect(wordings).toEqual([
      '32,768 slots · 64 MiB · 8 areas of 4,096 slots, one lock each · ' +
        'one row is one segment: no buffer crosses its end',
      '32,768 slots · 64 MiB · 8 areas of 4,096 slots, one lock each',
      '32,768 slots · 64 MiB · 8 areas',
      '32,768 slots · 64 MiB',
    ]);
  });

  it('say what a pixel is when it is no slot', () => {
    const frame = frameFrom({});
    const title = { x: 0, y: 0, widthPx: 9, kind: 'default', pools: [0], hidden: 0 } as const;
    const long = (perPixel: number, segments: number) =>
      titleWords(title, frame, { deviceNames: NAMES }, { perPixel, segments }).wordings[0];
    expect(long(2, 1)).toContain('one pixel the mean of 2 slots');
    expect(long(8, 4)).toContain('one line is 4 segments');
  });

  it('of restricted pools say which region it is, and whose', () => {
    const own = frameFrom({ kind: 'restricted', device: 1, region: 0 });
    const { name, wordings } = words({ kind: 'restricted' }, own);
    expect(name).toBe('Restricted pool usb_dma');
    expect(wordings[0]).toMatch(/slots · .* · all that eth0 may use · 1 area, one lock$/);
    const shared = frameFrom({ kind: 'restricted', device: -1, region: 0 });
    expect(words({ kind: 'restricted' }, shared).wordings[0]).toContain('all that its devices may');
  });

  it('of a restricted pool without a name say whose it is', () => {
    const frame = frameFrom({ kind: 'restricted', device: 1 });
    expect(words({ kind: 'restricted' }, frame).name).toBe('Restricted pool of eth0');
  });

  it('of pools that may come say so, and then how many there are', () => {
    const frame = frameFrom({ more: [{ kind: 'dynamic', areas: 8 }, { kind: 'dynamic' }] });
    expect(words({ kind: 'dynamic', pools: [] }, frame).wordings[0]).toMatch(/^none yet/);
    expect(words({ kind: 'dynamic', pools: [1] }, frame).wordings[0]).toBe(
      '1,024 slots · 2 MiB · 8 areas · searched first',
    );
    expect(words({ kind: 'dynamic', pools: [2, 1], hidden: 4 }, frame)).toEqual({
      name: 'Dynamic pools 2',
      wordings: [
        '1,152 slots · 2.3 MiB · 4 oldest not drawn · newest on top, searched first',
        '1,152 slots · 2.3 MiB · 4 oldest not drawn',
        '1,152 slots · 2.3 MiB',
      ],
    });
    expect(words({ kind: 'transient', pools: [] }, frame).wordings).toEqual(['none']);
  });

  it('a bar says whose it is, how large and how old', () => {
    const transient = { kind: 'transient', nslabs: 64, device: 0, bornNs: 1e6 } as const;
    const frame = frameFrom({ timeNs: 3.3e6, more: [transient] });
    const layout = layoutPools(poolShapes(frame), { widthPx: 912, heightPx: 648 }, STAGE);
    const bar = layout.blocks.find(({ kind }) => kind === 'transient');
    if (!bar) throw new Error('no bar');
    expect(barWords(bar, frame, NAMES)).toEqual([
      'nvme0 64 slots · 128 KiB · 2.3 ms',
      'nvme0 64 slots · 128 KiB',
      'nvme0 64 slots',
    ]);
  });
});

describe('the summary', () => {
  const frame = frameFrom({ areas: 2, nslabs: 512, art: '..+Aaa.BBb' });

  it('of areas adds up', () => {
    const [first, second] = areaSummaries(frame, 0);
    expect(first).toEqual({
      area: 0,
      row: 0,
      slots: 256,
      used: 7,
      free: 249,
      longestFreeRun: 128,
      hint: 0,
    });
    expect(second).toMatchObject({ area: 1, used: 0, free: 256, hint: 256 });
  });

  it('of a pool is one sentence', () => {
    expect(poolSentence(frame, 0)).toBe(
      'Default pool, 512 slots in 2 areas: 7 used (1.4 %), longest free run 128.',
    );
  });

  it('by runs follows mappings, and ends free runs where a segment ends', () => {
    expect(runsTable(frame, 0, 0, 8)).toEqual([
      { first: 0, nslots: 2, device: -1, padding: 0 },
      { first: 2, nslots: 4, device: 0, padding: 1 },
      { first: 6, nslots: 1, device: -1, padding: 0 },
      { first: 7, nslots: 1, device: 1, padding: 0 },
      { first: 8, nslots: 2, device: 1, padding: 0 },
      { first: 10, nslots: 118, device: -1, padding: 0 },
      { first: 128, nslots: 128, device: -1, padding: 0 },
      { first: 256, nslots: 128, device: -1, padding: 0 },
    ]);
    expect(runsTable(frame, 0, 384, 9)).toEqual([
      { first: 384, nslots: 128, device: -1, padding: 0 },
    ]);
  });
});

it('a frame drawn by hand counts what it shows', () => {
  const frame = frameFrom({ areas: 2, art: 'A+Bb', cpus: 4 });
  expect(frame.head(HEADER.used)).toBe(4);
  expect(frame.head(HEADER.paddingSlots)).toBe(1);
  expect(frame.areas.length).toBe(2 * AREA_FIELDS);
});
