import { describe, expect, it } from 'vitest';
import { COLOUR_MODES, OWNER_THROTTLED, type ColourMode } from '../engine/frame.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { throttledFrame } from '../testing/throttle-art.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import {
  ageClass,
  AGES,
  isolate,
  legendColour,
  legendCounts,
  legendEntries,
  runClass,
  RUNS,
} from './legend.ts';
import { readPalette } from './palette.ts';

const NAMES = ['nvme0', 'eth0'];
const palette = readPalette(styleOf(PLAIN_THEME));

function keysOf(mode: ColourMode): string[] {
  return legendEntries(mode, NAMES).map(({ key }) => key);
}

describe('the legend', () => {
  it.each(COLOUR_MODES)('has an entry of a colour for each key of %s', (mode) => {
    const keys = keysOf(mode);
    expect(new Set(keys).size).toBe(keys.length);
    for (const entry of legendEntries(mode, NAMES)) {
      expect(legendColour(entry, palette)).toMatch(/^(#|rgb)/);
    }
  });

  it('lists devices, free slots, and padding as part of these', () => {
    expect(keysOf('device')).toEqual(['device:0', 'device:1', 'free', 'padding']);
    const subsets = legendEntries('device', NAMES).filter(({ subset }) => subset);
    expect(subsets.map(({ key }) => key)).toEqual(['padding']);
  });

  it('isolates a device without hiding its padding, and padding without anything else', () => {
    const entries = legendEntries('device', NAMES);
    expect([...isolate(entries, 'device:1')]).toEqual(['device:0', 'free']);
    expect([...isolate(entries, 'padding')]).toEqual(['device:0', 'device:1', 'free']);
  });

  it('counts throttled slots as part of the others, where anything is throttled', () => {
    const entries = legendEntries('device', NAMES, { throttles: true });
    expect(entries.at(-1)).toMatchObject({ key: 'throttled', subset: true });
    expect(
      legendEntries('age', NAMES, { throttles: true }).some(({ key }) => key === 'throttled'),
    ).toBe(false);
    const frame = throttledFrame({ art: 'AaaBb' });
    frame.owner[0] = (frame.owner[0] ?? 0) | OWNER_THROTTLED;
    expect(legendCounts(frame).get('throttled')).toBe(1);
    expect([...isolate(entries, 'throttled')]).toEqual(['device:0', 'device:1', 'free', 'padding']);
  });

  it('tells memory that was allocated, where a driver allocates', () => {
    const [first] = legendEntries('direction', NAMES, { allocates: true });
    expect(first).toMatchObject({ key: 'direction:4', name: 'allocated (dma_alloc)' });
    expect(keysOf('direction')).not.toContain('direction:4');
    const frame = frameFrom({ art: 'AaaBb', mode: 'direction' });
    frame.shade.set([4, 4, 4, 1, 1]);
    expect(legendCounts(frame).get('direction:4')).toBe(3);
  });

  it('puts ages into decades and free runs into powers of two', () => {
    expect([ageClass(1), ageClass(255)]).toEqual([0, AGES.length - 1]);
    expect([1, 2, 3, 4, 127, 128].map(runClass)).toEqual([0, 1, 1, 2, 6, RUNS.length - 1]);
  });
});

describe('the counts', () => {
  it('of devices and free slots add up to all slots', () => {
    const frame = frameFrom({ art: 'Aaa.Bb..+Aa', devices: 2 });
    const counts = legendCounts(frame);
    expect(counts.get('device:0')).toBe(6);
    expect(counts.get('device:1')).toBe(2);
    expect(counts.get('free')).toBe(120);
    expect(counts.get('padding')).toBe(1);
  });

  it('of areas are what their areas hold, six colours in turn', () => {
    const frame = frameFrom({ areas: 8, art: 'Aa', mode: 'area' });
    expect(legendCounts(frame).get('area:0')).toBe(2);
    expect(legendCounts(frame).get('area:1')).toBe(0);
  });

  it('of a shaded mode are read from the shades', () => {
    const frame = frameFrom({ art: 'Aa', mode: 'free-run' });
    frame.shade.set([0, 0, 3, 2, 1]);
    const counts = legendCounts(frame);
    expect(counts.get('run:1')).toBe(2);
    expect(counts.get('run:0')).toBe(1);
    expect(counts.get('used')).toBe(125);
  });
});
