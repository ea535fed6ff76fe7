import { describe, expect, test } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { explainNow } from '../engine/explain-now.ts';
import type { ExplainedSearch } from '../engine/explained.ts';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { readPalette } from './palette.ts';
import { barsDrawing } from './scope-bars.ts';
import { laneCells, lanesDrawing, lanesOf } from './scope-lanes.ts';
import { svgText, type Drawing, type Mark } from './scope-marks.ts';
import { overviewOf } from './scope-overview.ts';
import { lookOf, longestRun, steppedOver, stepsOf, tallyOf } from './scope-steps.ts';

const names = ['nvme0', 'eth0'];
const box = { width: 1100, leftPx: 84, rightPx: 76, scale: 1, names };

/** A crowded pool: one area of 512 slots for each of 2 CPUs. */
function searched(size: number, orig = 0x1b42_a800, cpu = 0): ExplainedSearch {
  const run = createSimulation(
    scenarioWith(
      [deviceWith({ sizes: [{ bytes: 16_384, weight: 1 }], latencyUs: 900 }), networkWith()],
      { commandLine: 'swiotlb=1024,2,force' },
    ),
  );
  run.runUntil(20e6, Infinity);
  const ask = { kind: 'request', device: 0, cpu, orig, size, pages: false } as const;
  const explained = explainNow(run, ask);
  if (explained.kind !== 'search') throw new Error('no search');
  return explained;
}

function lastArea(search: ExplainedSearch) {
  const area = search.seen.at(-1);
  if (area === undefined) throw new Error('no area was searched');
  return area;
}

const textsOf = ({ marks }: Drawing) =>
  marks.filter((mark): mark is Extract<Mark, { kind: 'text' }> => mark.kind === 'text');

describe('steps', () => {
  test('are all looks in order, and count the slots before them over all areas', () => {
    const search = searched(262_144);
    const steps = stepsOf(search);
    const looks = search.seen.flatMap(({ walk }) => walk.looks);
    expect(steps.filter(({ look }) => look >= 0).map((step) => lookOf(search, step))).toEqual(
      looks,
    );
    let before = -1;
    for (const step of steps) {
      expect(step.before).toBeGreaterThanOrEqual(before);
      ({ before } = step);
    }
    const { misaligned, boundary, short, fits } = tallyOf(search);
    expect(misaligned + boundary + short + fits).toBe(search.probes);
  });

  test('an area that is left at once is a step without a look', () => {
    const search = searched(4096);
    const [area] = search.seen;
    if (area === undefined) throw new Error('no area');
    const left = { ...area, walk: { ...area.walk, isLeft: true, looks: [], probes: 0 } };
    const steps = stepsOf({ ...search, seen: [left, area] });
    expect(steps[0]).toEqual({ seen: 0, look: -1, before: 0 });
    expect(steps[1]).toEqual({ seen: 1, look: 0, before: 0 });
  });
});

describe('what the search steps over', () => {
  test('is the first run long enough that it does not take, and why', () => {
    const search = searched(4096, 0x1b42_a800);
    const area = lastArea(search);
    const list = new Uint8Array(area.walk.areaSlots).fill(1);
    const start = area.walk.areaStart;
    // A run of four at an even slot, where only odd ones will do.
    list.set([4, 3, 2, 1], 10);
    const walk = { ...area.walk, index: 0, found: -1, looks: [] };
    const slots = { ...search.request, slots: 4 };
    const over = steppedOver({ ...search, request: slots }, { ...area, list, walk, residue: 1 });
    expect(over).toEqual({ slot: start + 10, run: 4, why: 'misaligned' });
    const even = steppedOver({ ...search, request: slots }, { ...area, list, walk, residue: 0 });
    expect(even).toEqual({ slot: start + 10, run: 4, why: 'unseen' });
    expect(longestRun({ ...area, list })).toEqual({ at: 10, run: 4 });
  });

  test('is nothing behind the slot that was taken', () => {
    const search = searched(65_536);
    const area = lastArea(search);
    const walk = { ...area.walk, index: area.walk.found - area.walk.areaStart };
    expect(steppedOver(search, { ...area, walk })).toBeNull();
  });
});

describe('lanes', () => {
  test.each([28, 7, 6])('of %i slots show the fit, and go along with the step', (cells) => {
    const search = searched(65_536);
    const area = lastArea(search);
    const { looks, areaStart, found } = area.walk;
    for (const upTo of looks.keys()) {
      const lanes = lanesOf(area, upTo, cells);
      const look = looks[upTo];
      const at = (look?.slot ?? 0) - areaStart;
      const isShown = lanes.some((lane) => at >= lane.at && at < lane.at + lane.cells);
      expect(isShown, `look ${upTo}`).toBe(true);
    }
    const atEnd = lanesOf(area, looks.length - 1, cells);
    const fit = found - areaStart;
    expect(atEnd.some((lane) => fit >= lane.at && fit < lane.at + lane.cells)).toBe(true);
  });

  test('never leave the area, however small it is', () => {
    const area = lastArea(searched(4096));
    for (const areaSlots of [1, 3, 27, 28, 64]) {
      const small = { ...area, walk: { ...area.walk, areaSlots, index: areaSlots - 1, wrapAt: 0 } };
      for (const lane of lanesOf(small, 0, 28)) {
        expect(lane.at).toBeGreaterThanOrEqual(0);
        expect(lane.at + lane.cells).toBeLessThanOrEqual(areaSlots);
      }
    }
  });

  test('say list of each free slot, the tries, and list as it will be', () => {
    const search = searched(65_536);
    const area = lastArea(search);
    const upTo = area.walk.looks.length - 1;
    const lanes = lanesOf(area, upTo, laneCells(box));
    const texts = textsOf(lanesDrawing(search, area, lanes, { upTo, before: 0 }, box));
    const said = texts.map(({ text }) => text);
    expect(said).toContain('list then');
    expect(said).toContain(search.probes.toLocaleString('en-US'));
    expect(said).toContain(area.walk.found.toLocaleString('en-US'));
    for (const { x, y } of texts) expect(Number.isFinite(x + y)).toBe(true);
  });
});

/** Dots of a drawing: shapes of the ink. */
const dots = (drawing: Drawing) =>
  drawing.marks.flatMap((mark) =>
    mark.kind === 'path' && mark.fill === 'ink' ? [...mark.d.matchAll(/M/g)] : [],
  ).length;

test('the overview has a dot for each look so far, and frames for the lanes', () => {
  const search = searched(65_536);
  const area = lastArea(search);
  const upTo = area.walk.looks.length - 1;
  const lanes = lanesOf(area, upTo, laneCells(box));
  const draw = (at: number) => overviewOf(search, area, at, lanes, { ...box, rowsPx: 160 });
  expect(dots(draw(0))).toBe(1);
  expect(dots(draw(upTo))).toBe(area.walk.looks.length);
});

test('the bars are one a look, the fit in the accent, below the line of what is needed', () => {
  const search = searched(16_384);
  const area = lastArea(search);
  const upTo = area.walk.looks.length - 1;
  const drawing = barsDrawing(search, area, upTo, 0, { ...box, height: 132 });
  const bars = drawing.marks.flatMap((mark) =>
    mark.kind === 'path' && mark.fill !== null ? [...mark.d.matchAll(/M/g)] : [],
  );
  expect(bars).toHaveLength(area.walk.looks.length);
  expect(textsOf(drawing).map(({ text }) => text)).toContain(`needs ${search.request.slots}`);
});

test('a file of drawings is SVG with colours and letters of its own, and letters are escaped', () => {
  const search = searched(65_536);
  const area = lastArea(search);
  const upTo = area.walk.looks.length - 1;
  const lanes = lanesOf(area, upTo, laneCells(box));
  const named = { ...box, names: ['<b>&"', 'eth0'] };
  const drawing = lanesDrawing(search, area, lanes, { upTo, before: 0 }, named);
  const text = svgText([drawing, drawing], readPalette(styleOf(PLAIN_THEME)), 'a < b & c');
  expect(text).toContain('<title>a &lt; b &amp; c</title>');
  expect(text).not.toMatch(/style=|class=|var\(|NaN|undefined|<b>/);
  expect(text.match(/<g /g)).toHaveLength(2);
  expect(text).toContain(`height="${2 * drawing.height}"`);
});
