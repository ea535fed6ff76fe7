import { describe, expect, it } from 'vitest';
import { REPORT } from '../engine/frame.ts';
import type { PolicyReport } from '../store/throttle-readout.ts';
import { compareRows, type CompareRow } from './compare-rows.ts';

const ZERO = Object.fromEntries(Object.keys(REPORT).map((name) => [name, 0]));
const report = (changes: Partial<PolicyReport> = {}): PolicyReport =>
  ({ ...ZERO, policy: 'rfc', timeNs: 2e9, ...changes }) as PolicyReport;

function rowsOf(
  run: Partial<PolicyReport>,
  beside: Partial<PolicyReport>,
  { progress = 1, recorded = false } = {},
): Record<string, CompareRow> {
  const comparison = { run: report(run), beside: report(beside), progress, isOver: false };
  const rows = compareRows(comparison, recorded ? 'recording' : 'policy').flat();
  return Object.fromEntries(rows.map((row) => [row.label, row]));
}

describe('the comparison’s rows', () => {
  it('are all there, in groups', () => {
    const comparison = { run: report(), beside: report(), progress: 1, isOver: false };
    expect(compareRows(comparison, 'policy').map((rows) => rows.map(({ label }) => label))).toEqual(
      [
        ['peak', 'failed maps', 'I/O errors'],
        ['throttled', 'slept', 'waiting now'],
        ['mean wait', 'p50', 'p99', 'longest', 'starved'],
        ['requests', 'requests/s', 'MiB/s'],
        ['time slept', 'needlessly', 'wake-ups', 'in vain', 'overtaken', 'gave back', 'other CPU'],
      ],
    );
  });

  it('are of memory, growth, maps and time where two modes are compared', () => {
    const run = report({ held: 3 << 20, transients: 2, p99MapNs: 5200, done: 10 });
    const beside = report({ held: 64 << 20, transients: 0, p99MapNs: 4100, done: 10 });
    const comparison = { run, beside, progress: 1, isOver: false };
    const groups = compareRows(comparison, 'mode');
    const rows = Object.fromEntries(groups.flat().map((row) => [row.label, row]));
    expect(groups.map(([first]) => first?.label)).toEqual([
      'held now',
      'failed maps',
      'pools grown',
      'map, p50',
      'copying',
      'requests',
    ]);
    expect(rows['held now']).toMatchObject({ run: '3 MiB', beside: '64 MiB', better: 'run' });
    expect(rows['transient pools']).toMatchObject({ run: '2', beside: '0', better: 'beside' });
    expect(rows['map, p99']).toMatchObject({ better: 'beside' });
    expect(rows['map, p50']).toMatchObject({ run: '–', beside: '–', better: null });
    expect(rows['requests']).toMatchObject({ better: null });
  });

  it('call no run quicker for having turned maps away', () => {
    const run = report({ failedMaps: 3, p99MapNs: 4100, convertNs: 0, held: 1 << 20 });
    const beside = report({ p99MapNs: 5200, convertNs: 9000, held: 3 << 20 });
    const comparison = { run, beside, progress: 1, isOver: false };
    const groups = compareRows(comparison, 'mode');
    const rows = Object.fromEntries(groups.flat().map((row) => [row.label, row]));
    expect(rows['map, p99']).toMatchObject({ run: '4.1 µs', beside: '5.2 µs', better: null });
    expect(rows['converting']?.better).toBeNull();
    expect(rows['failed maps']?.better).toBe('beside');
    expect(rows['held now']?.better).toBeNull();
  });

  it('mark the smaller of two burdens and the larger of two yields', () => {
    const rows = rowsOf(
      { peak: 2910, failedMaps: 0, done: 100, doneBytes: 4 << 20 },
      { peak: 4096, failedMaps: 823, done: 120, doneBytes: 6 << 20 },
    );
    expect(rows['peak']).toMatchObject({ run: '2,910', beside: '4,096', better: 'run' });
    expect(rows['failed maps']).toMatchObject({ run: '0', beside: '823', better: 'run' });
    expect(rows['requests/s']).toMatchObject({ run: '50', beside: '60', better: 'beside' });
    expect(rows['MiB/s']).toMatchObject({ run: '2.0', beside: '3.0', better: 'beside' });
  });

  it('leave equal ones plain, also those that only read the same', () => {
    const rows = rowsOf({ peak: 7, waitedNs: 1_200_001 }, { peak: 7, waitedNs: 1_200_002 });
    expect(rows['peak']?.better).toBeNull();
    expect(rows['time slept']).toMatchObject({ run: '1.2 ms', beside: '1.2 ms', better: null });
  });

  it('mark nothing while one of the two is still on its way', () => {
    const rows = Object.values(rowsOf({ peak: 1 }, { peak: 2 }, { progress: 0.6 }));
    expect(rows.every(({ better }) => better === null)).toBe(true);
  });

  it('have a dash for the length of waits where none has ended', () => {
    const rows = rowsOf({ meanWaitNs: 5000, p50WaitNs: 4000, maxWaitNs: 9000 }, {});
    expect(rows['mean wait']).toMatchObject({ run: '5 µs', beside: '–', better: null });
    expect(rows['longest']).toMatchObject({ run: '9 µs', beside: '–' });
  });

  it('say that the longest wait still goes on', () => {
    const rows = rowsOf(
      { maxWaitNs: 1e6, longestNowNs: 3e6 },
      { maxWaitNs: 2e6, longestNowNs: 1e6 },
    );
    expect(rows['longest']).toMatchObject({ run: '≥ 3 ms', beside: '2 ms', better: 'beside' });
  });

  it('judge nothing against a recording, and do not invent what it cannot tell', () => {
    const rows = rowsOf({ peak: 1, ioErrors: 4 }, { peak: 2 }, { recorded: true });
    expect(rows['peak']).toMatchObject({ run: '1', beside: '2', better: null });
    expect(rows['I/O errors']).toMatchObject({ run: '4', beside: '–', better: null });
  });

  it('have no throughput before time has passed', () => {
    expect(rowsOf({ timeNs: 0 }, { timeNs: 0 })['requests/s']).toMatchObject({ run: '0' });
  });
});
