/** The published benchmark with shortened runs: what it shows, and that it is the same every time. */
import { describe, expect, test } from 'vitest';
import { checkScenario } from '../../engine/scenario-check.ts';
import { effectsOf } from './effects.ts';
import { StudyRunner, type StudyProgress, type StudyRow } from './run-study.ts';
import { studyMain } from './study-main.ts';
import { studyLines } from './study-text.ts';
import { studyScenario, VARIANTS, type Study } from './study.ts';
import { tesarik2023Words } from './tesarik-2023-words.ts';
import { tesarik2023 } from './tesarik-2023.ts';

const SHORT_MS = 50;

function ran(study: Study, runMs?: number, heard: StudyProgress[] = []): readonly StudyRow[] {
  const steps = new StudyRunner(study, runMs === undefined ? {} : { runMs }).run();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    heard.push(step.value);
  }
}

const heard: StudyProgress[] = [];
const rows = ran(tesarik2023, SHORT_MS, heard);
const growing = rows.map(({ cells }) => cells.growing.runs);
const row = (machine: string, load: string) => {
  const found = rows.find((one) => one.machine === machine && one.load === load);
  if (!found) throw new RangeError(`no row ${machine} ${load}`);
  return found;
};
const pagesConverted = ({ cells }: StudyRow) =>
  cells.growing.runs.map(({ convertedPages }) => convertedPages);
const last = <Item>(items: readonly Item[]) => items.at(-1) as Item;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the published benchmark in the model', () => {
  test('has every load of every machine beside what was published of it', () => {
    expect(rows.map(({ machine, load }) => `${machine} ${load}`)).toEqual([
      'vm small',
      'vm big',
      'vm 4way',
      'pi small',
      'pi big',
      'pi 4way',
      'coco small',
      'coco big',
      'coco 4way',
      'coco 24way',
    ]);
    expect(row('coco', '24way').published).toEqual({
      machine: 'coco',
      load: '24way',
      baseVar: '3.19%',
      defaultVar: '6.19%',
      defaultDiff: '+4.4%',
      growingVar: '4.08%',
      growingDiff: '-5.9%',
    });
  });

  test('begins with a pool of 64 MiB, or of 1 MiB that ends at a few MiB', () => {
    for (const { cells } of rows) {
      expect(cells.base.runs.map(({ slotsAfter }) => slotsAfter)).toEqual(Array(5).fill(32_768));
      expect(cells.default.runs.map(({ slotsAfter }) => slotsAfter)).toEqual(Array(5).fill(32_768));
      const { slotsAfter } = last(cells.growing.runs);
      expect(slotsAfter).toBeGreaterThanOrEqual(1024);
      expect(slotsAfter).toBeLessThanOrEqual(4096);
      // Each pool that was added is of the boot pool's size.
      expect(slotsAfter).toBe(512 * (1 + sum(cells.growing.runs.map(({ grown }) => grown))));
    }
  });

  test('fails no map; the requests that find no room get a transient pool', () => {
    const all = rows.flatMap(({ cells }) => VARIANTS.flatMap((variant) => cells[variant].runs));
    expect(sum(all.map(({ failedMaps }) => failedMaps))).toBe(0);
    for (const runs of growing)
      expect(sum(runs.map(({ transients }) => transients))).toBeGreaterThan(0);
  });

  test('converts pages in the growing CoCo guest, and nowhere else', () => {
    const coco = rows.filter(({ machine }) => machine === 'coco');
    for (const one of coco) expect(sum(pagesConverted(one))).toBeGreaterThan(512);
    expect(sum(rows.filter((one) => !coco.includes(one)).flatMap(pagesConverted))).toBe(0);
    const roomy = rows.flatMap(({ cells }) => cells.default.runs);
    expect(sum(roomy.map(({ conversionCalls }) => conversionCalls))).toBe(0);
  });

  test('has 24 threads wait for the locks of 4 areas, and not for those of 32', () => {
    const { cells } = row('coco', '24way');
    expect(last(cells.default.runs).areasAfter).toBe(32);
    const { areasAfter, poolsAfter } = last(cells.growing.runs);
    expect(areasAfter / poolsAfter).toBe(4);
    const waits = (runs: (typeof growing)[number]) =>
      sum(runs.map(({ locksContended }) => locksContended)) /
      sum(runs.map(({ locksTaken }) => locksTaken));
    expect(waits(cells.growing.runs)).toBeGreaterThan(0.005);
    expect(waits(cells.growing.runs)).toBeGreaterThan(100 * waits(cells.default.runs));
    expect(sum(cells.growing.runs.map(({ spunNs }) => spunNs))).toBeGreaterThan(1_000_000);
  });

  test('runs a kernel that may grow and has room exactly as one that may not', () => {
    for (const { cells, defaultDiff } of rows) {
      expect(defaultDiff).toBe(0);
      expect(cells.default.variation).toBe(cells.base.variation);
    }
  });

  test('keeps as many blocks under way as there are threads: more of them move more', () => {
    const one = row('coco', 'small').cells.base.meanMib;
    expect(row('coco', '4way').cells.base.meanMib / one).toBeCloseTo(4, 0);
    expect(row('coco', '24way').cells.base.meanMib / one).toBeGreaterThan(22);
    // The card takes one at a time, whoever asks.
    const card = row('pi', 'small').cells.base.meanMib;
    expect(row('pi', '4way').cells.base.meanMib / card).toBeCloseTo(1, 1);
  });

  test('tells before each run what it will be, and counts them all', () => {
    expect(heard).toHaveLength(150);
    expect(heard.map(({ done }) => done)).toEqual(Array.from({ length: 150 }, (_, at) => at));
    expect(last(heard)).toEqual({
      done: 149,
      total: 150,
      machine: 'coco',
      load: '24way',
      variant: 'growing',
    });
  });

  test('judges by its numbers', () => {
    const verdicts = new Map(effectsOf(rows).map(({ id, verdict }) => [id, verdict]));
    expect(verdicts.get('no-failures')).toBe('shown');
    expect(verdicts.get('no-regression')).toBe('shown');
    expect(verdicts.get('areas')).toBe('partly');
    expect(verdicts.get('faster-default')).toBe('not shown');
    const failing = rows.map((one) => withGrowing(one, { failedMaps: 1 }));
    expect(effectsOf(failing).find(({ id }) => id === 'no-failures')?.verdict).toBe('not shown');
    const calm = rows.map((one) => withGrowing(one, { locksContended: 0 }));
    expect(effectsOf(calm).find(({ id }) => id === 'areas')?.verdict).toBe('not shown');
    const stuck = rows.map((one) => withGrowing(one, { slotsAfter: 512 }));
    expect(effectsOf(stuck).find(({ id }) => id === 'growth')?.verdict).toBe('not shown');
    const busy = rows.map((one) => withGrowing(one, { conversionCalls: 1 }));
    expect(effectsOf(busy).find(({ id }) => id === 'later-runs')?.verdict).toBe('not shown');
  });
});

test('runs of full length: the first one pays for the growth in a CoCo guest, later ones do not', () => {
  const machines = tesarik2023.machines
    .filter(({ id }) => id === 'coco')
    .map((machine) => ({ ...machine, loads: machine.loads.filter(({ id }) => id === 'small') }));
  const [full] = ran({ ...tesarik2023, machines });
  if (!full) throw new RangeError('nothing ran');
  const [first = 0, second = 0, ...later] = pagesConverted(full);
  expect(first).toBeGreaterThan(second);
  expect(later).toEqual([0, 0, 0]);
  const [loss = 0, ...rest] = full.cells.growing.runs.map(({ mibPerSecond }, run) => {
    return mibPerSecond / (full.cells.default.runs[run]?.mibPerSecond ?? 0) - 1;
  });
  // The one thread waits for the worker that converts pages on its CPU.
  expect(loss).toBeLessThan(-0.001);
  expect(Math.max(...rest.map(Math.abs))).toBeLessThan(-loss / 2);
  const verdicts = new Map(effectsOf([full]).map(({ id, verdict }) => [id, verdict]));
  expect(verdicts.get('first-run')).toBe('shown');
  expect(verdicts.get('later-runs')).toBe('shown');
  expect(verdicts.get('growth')).toBe('shown');
});

/** The row with some figures of every growing run changed. */
function withGrowing(one: StudyRow, figures: Partial<(typeof growing)[number][number]>): StudyRow {
  const { growing: cell } = one.cells;
  const changed = { ...cell, runs: cell.runs.map((run) => ({ ...run, ...figures })) };
  return { ...one, cells: { ...one.cells, growing: changed } };
}

test('every machine has its words, and there are no others', () => {
  expect(Object.keys(tesarik2023Words.machines)).toEqual(tesarik2023.machines.map(({ id }) => id));
});

test('every scenario of the study is one that may come from outside, too', () => {
  for (const machine of tesarik2023.machines) {
    for (const load of machine.loads) {
      for (const variant of VARIANTS) {
        const scenario = studyScenario(machine, load, variant, { runs: 5, runMs: machine.runMs });
        expect(checkScenario(scenario)).toEqual({ kind: 'ok', scenario });
      }
    }
  }
});

/** Every machine under its last load, the one with most threads. */
const LAST_LOADS: Study = {
  ...tesarik2023,
  machines: tesarik2023.machines.map((machine) => ({ ...machine, loads: machine.loads.slice(-1) })),
};

const textOf = (some: readonly StudyRow[]) => studyLines(tesarik2023, tesarik2023Words, some);

test('the same study gives the same bytes', () => {
  const [once, again] = [ran(LAST_LOADS, 10), ran(LAST_LOADS, 10)];
  expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  expect(textOf(again)).toEqual(textOf(once));
});

test('its text says what is assumed, in lines of at most 102 characters', () => {
  const lines = textOf(rows);
  expect(lines.every((line) => line.length <= 102)).toBe(true);
  const text = lines.join('\n').replaceAll(/\s+/g, ' ');
  for (const { assumptions } of [tesarik2023Words, ...Object.values(tesarik2023Words.machines)]) {
    for (const sentence of assumptions) expect(text).toContain(sentence);
  }
});

test('a study that does not exist is refused with the names of those that do', () => {
  const lines: string[] = [];
  const io = { print: (line: string) => lines.push(line), progress: () => undefined };
  expect(studyMain([], io)).toBe(2);
  expect(studyMain(['tesarik-2024'], io)).toBe(2);
  expect(lines[1]).toContain('tesarik-2023');
});
