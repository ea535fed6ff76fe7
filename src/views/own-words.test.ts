import { expect, test } from 'vitest';
import type { OwnReport, OwnWait } from '../store/reports.ts';
import { costWords, deviceSum, isStuck, ownSum, waitWords } from './own-words.ts';

const WAIT: OwnWait = {
  asleep: 8,
  sinceNs: 71_500_000,
  device: 0,
  underWay: 0,
  kept: 24,
  dirtyPages: 93_900,
};
const REPORT: OwnReport = {
  devices: [],
  maps: 100,
  leftToPool: 0,
  looks: 1000,
  vainLooks: 250,
  sleeps: 0,
  wait: null,
};

test('the sums name buffers and what they hold', () => {
  const display = { device: 0, live: 150, held: 78_643_200, newest: [] };
  const card = { device: 1, live: 0, held: 0, newest: [] };
  expect(ownSum([display, card])).toBe('150 buffers · 75 MiB, instead of slots');
  expect(ownSum([card])).toBe('none now');
  expect(deviceSum(display)).toBe('150 · 75 MiB');
  expect(deviceSum(card)).toBe('none now');
});

test('the look-ups are everybody’s, and who got no pages is counted', () => {
  expect(costWords(REPORT)).toBe(
    'Every sync and unmap asks the tree of buffers: 1,000 look-ups, 25.0 % for buffers it never had. All 100 tries got pages.',
  );
  expect(costWords({ ...REPORT, leftToPool: 50, sleeps: 3 })).toMatch(
    /50 of 150 tries got no pages and used the pool\. 3 sleeps for memory\.$/,
  );
});

test('a deadlock is called one only when nothing is under way', () => {
  expect(isStuck(WAIT)).toBe(true);
  expect(isStuck({ ...WAIT, underWay: 1 })).toBe(false);
  expect(isStuck(null)).toBe(false);
  expect(waitWords(WAIT, 'vda')).toBe(
    'Deadlock since 71.500 ms: 8 tasks sleep in the page allocator until a write to vda ends and frees memory (93,900 pages wait for that). No write is under way: all stand with these tasks, half mapped, 24 more behind them. Nobody is left to wake them.',
  );
  expect(waitWords({ ...WAIT, asleep: 1, underWay: 2 }, 'vda')).toBe(
    '1 task sleeps in the page allocator until a write to vda ends and frees memory (93,900 pages wait for that). 2 writes under way.',
  );
});
