import { describe, expect, test } from 'vitest';
import { stepsOf } from '../draw/scope-steps.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { explainNow } from '../engine/explain-now.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import type { ExplainedSearch } from '../store/reports.ts';
import {
  areaWords,
  consequences,
  gateWords,
  headline,
  orderWords,
  ordinal,
  requestRows,
  rules,
  steppedOverWords,
  stepWords,
  strideWords,
  tallyRows,
} from './scope-words.ts';

/** A request on a pool of 512 slots in 2 areas, before anything is mapped. */
function onEmpty(size: number, orig: number, device = 0): ExplainedSearch {
  const run = createSimulation(scenarioWith([deviceWith(), networkWith()]));
  const ask = { kind: 'request', device, cpu: 1, orig, size, pages: false } as const;
  const explained = explainNow(run, ask);
  if (explained.kind !== 'search') throw new Error('no search');
  return explained;
}

test('ordinals', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 92, 101, 112, 1003].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '92nd',
    '101st',
    '112th',
    '1,003rd',
  ]);
});

describe('a buffer in the upper half of its page, for a device that keeps the place', () => {
  const search = onEmpty(4096, 0x5000_0800);

  test('wants odd slots, and says so', () => {
    expect(headline(search)).toBe(
      'CPU 1 would look for 2 free slots in a row and would find them at the 2nd try.',
    );
    expect(rules(search)).toEqual([
      'it keeps the buffer’s place in its page, as the device demands, so only odd slots',
      'the run does not cross a multiple of 4 GiB of address',
      'it and those behind it are free, within its row: list is 2 or more',
    ]);
    expect(strideWords(search)).toContain('goes on by 2');
  });

  test('meets a misaligned slot, then the fit', () => {
    expect(stepsOf(search).map((step) => stepWords(search, step))).toEqual([
      'Try 1, slot 256: misaligned.',
      'Try 2, slot 257: list 127, it fits.',
    ]);
    expect(tallyRows(search).map(({ verdict, value }) => [verdict, value])).toEqual([
      ['misaligned', 1],
      ['fits', 1],
    ]);
  });

  test('has its consequences counted', () => {
    expect(consequences(search)).toEqual([
      'slots 257 to 258: list 0',
      'area used 0 → 2',
      'hint 0 → 3: the next search of this area starts behind this run',
    ]);
  });

  test('steps over the slot of the other parity', () => {
    const [area] = search.seen;
    if (area === undefined) throw new Error('no area');
    expect(areaWords(search, area)).toBe(
      'default pool 0, area 1: 2 slots looked at, found at slot 257.',
    );
    expect(steppedOverWords(search, area)).toBe(
      'A run of 128 starts at slot 256, but the search takes only odd slots: it keeps the buffer’s place in its page, as the device demands.',
    );
  });

  test('is told in rows', () => {
    expect(requestRows(search, 'nvme0').slice(0, 4)).toEqual([
      ['device', 'nvme0 · CPU 1', ''],
      ['size', '4,096 B', '→ 2 slots'],
      ['original', '0x050000800', ''],
      ['min_align_mask', '0xfff', ''],
    ]);
  });
});

test('an offset that is kept is told with the slots it costs', () => {
  const search = onEmpty(4096, 0x5000_0123);
  expect(requestRows(search, 'nvme0')[2]).toEqual(['original', '0x050000123', 'offset 291 B kept']);
  expect(search.request.slots).toBe(3);
});

test('one that is too large fails, and says that nothing can serve it', () => {
  const search = onEmpty(262_145, 0x5000_0000);
  expect(headline(search)).toContain('finds none in 2 areas');
  expect(consequences(search)).toEqual([
    'It is larger than a row of 128 slots: no pool can ever serve it.',
  ]);
});

test('a map that was made tells how long it took, and what is copied', () => {
  const search = onEmpty(4096, 0x5000_0800);
  const tenure = {
    serial: 7,
    device: 0,
    cpu: 1,
    first: 257,
    nslots: 2,
    size: 4096,
    direction: 2,
    askedNs: 1000,
    mappedNs: 1250,
    copiedNs: 1792,
    unmappedNs: -1,
    copiedIn: 4096,
    copiedBack: 0,
  } as const;
  const told = consequences({ ...search, when: 'then', tenure });
  expect(told.slice(-2)).toEqual([
    'its slots came 250 ns after the map was asked for',
    '4 KiB are copied in, whatever the direction, in 542 ns',
  ]);
  expect(
    consequences({ ...search, when: 'then', tenure: { ...tenure, direction: 3 } }).at(-1),
  ).toBe('memory itself: nothing is copied');
});

test('gate and orders are told where there were any', () => {
  const search = onEmpty(4096, 0x5000_0000);
  expect([gateWords(search), orderWords(search)]).toEqual([[], []]);
  const reading = { timeNs: 2e6, cpu: 0, device: 0, used: 700, high: 690, low: 600, queued: 3 };
  const told = gateWords({
    ...search,
    gate: [
      { ...reading, why: 'high', again: false, letIn: false },
      { ...reading, used: 590, why: 'none', again: true, letIn: true },
    ],
  });
  expect(told).toEqual([
    '2.000 ms: 700 used read; high 690, low 600; above the high threshold: throttled, it sleeps, 3 in the queue.',
    '2.000 ms: woken, 590 used read; high 690, low 600; it goes on.',
  ]);
});
