import { expect, test } from 'vitest';
import type { PageState } from '../store/page-state.ts';
import { fileName } from './export-files.ts';

const state = { replay: null, scenario: { id: 'confidential-vm' } } as PageState;

test('a file is named after scenario, moment and kind', () => {
  expect(fileName({ state, at: 12_345_678, kind: 'pools', ending: 'png' })).toBe(
    'confidential-vm-12.346ms-pools.png',
  );
  const at = { fromNs: 0, toNs: 2_000_000 };
  expect(fileName({ state, at, kind: 'events', ending: 'csv' })).toBe(
    'confidential-vm-0.000ms-2.000ms-events.csv',
  );
});

test('the name of a recording becomes one that every disk takes', () => {
  const replay = { name: '../My recording (2).jsonl.gz' } as PageState['replay'];
  expect(fileName({ state: { ...state, replay }, at: 0, kind: 'pools', ending: 'svg' })).toBe(
    'my-recording-2-jsonl-gz-0.000ms-pools.svg',
  );
  const odd = { name: '…' } as PageState['replay'];
  expect(fileName({ state: { ...state, replay: odd }, at: 0, kind: 'x', ending: 'y' })).toBe(
    'run-0.000ms-x.y',
  );
});
