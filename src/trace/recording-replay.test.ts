import { describe, expect, it } from 'vitest';
import {
  bytesOfLines,
  headerLine,
  mapLine,
  unmapLine,
  type Line,
} from '../testing/recording-text.ts';
import { readRecording } from './recording-check.ts';
import { RecordingReplay } from './recording-replay.ts';
import { endDifferences, replayRecording } from './recording-report.ts';
import type { ReplayStep } from './replay-step.ts';

async function replayOf(...lines: Line[]): Promise<RecordingReplay> {
  return new RecordingReplay(await readRecording(bytesOfLines(lines)));
}

/** Every step, copied, since the replay fills one object again and again. */
function stepsOf(replay: RecordingReplay): ReplayStep[] {
  const steps: ReplayStep[] = [];
  for (let step = replay.step(); step !== null; step = replay.step()) steps.push({ ...step });
  return steps;
}

const FIRST = mapLine(1, 0, [[2, 0.002, 0, 0, 0]]);
const SECOND = mapLine(3, 1, [[4, 0.004, 0, 1, 1]]);

describe('RecordingReplay', () => {
  it('shows each event as it happened', async () => {
    const replay = await replayOf(headerLine(), FIRST, unmapLine(5, 0, [6, 0.006, 0, 1, 1, 1]));
    const [map, unmap] = stepsOf(replay);
    expect(map).toMatchObject({
      event: 1,
      line: 2,
      kind: 'map',
      time: 0.002,
      slot: 0,
      nslots: 1,
      areas: 1,
      probes: 1,
      difference: null,
    });
    expect(unmap).toMatchObject({ event: 2, line: 3, kind: 'unmap', slot: 0, difference: null });
    expect(replay).toMatchObject({ events: 2, decisions: 1, differ: 0, ended: true });
    expect(replay.step()).toBeNull();
  });

  it('tags what a map takes with its row plus 1', async () => {
    const replay = await replayOf(headerLine(), FIRST, SECOND);
    stepsOf(replay);
    const table = replay.swiotlb.mem.head?.table;
    expect([table?.tag(0), table?.tag(1), table?.tag(2)]).toEqual([1, 2, 0]);
  });

  it('lets other events in between the areas of one map', async () => {
    const full = Array.from({ length: 128 }, (_, slot) =>
      mapLine(2 * slot, slot, [[2 * slot + 1, 0, 0, slot, slot]]),
    );
    // CPU 0 finds area 0 full; a slot there comes free; CPU 0 goes on to area 1 all the same.
    const wide = mapLine(300, 128, [
      [301, 0, 0, 0, 128],
      [305, 0, 1, 0, 0],
    ]);
    const unmap = unmapLine(302, 5, [303, 0, 5, 1, 0, 128]);
    const replay = await replayOf(headerLine(), ...full, unmap, wide);
    const steps = stepsOf(replay);
    expect(steps.at(-1)).toMatchObject({ kind: 'map', slot: 128, areas: 2, difference: null });
    expect(replay.differ).toBe(0);
  });

  const tampered: [what: string, map: Line, expected: string, got: string][] = [
    ['slot', { slot: 2 }, 'slot 2', 'slot 1'],
    ['address', { ret: '0x3e001800' }, 'slot 3 (0x3e001800)', 'slot 1 (0x3e000800)'],
    ['failure', { ret: null }, 'failure', 'slot 1 (0x3e000800)'],
    ['hint', { locks: [[4, 0, 0, 9, 1]] }, 'area 0, hint 9, used 1', 'area 0, hint 1, used 1'],
    ['use', { locks: [[4, 0, 0, 1, 7]] }, 'area 0, hint 1, used 7', 'area 0, hint 1, used 1'],
    ['area', { locks: [[4, 0, 1, 0, 0]] }, 'area 1, hint 0, used 0', 'area 0, hint 1, used 1'],
  ];
  it.each(tampered)('catches an altered %s at that event', async (_, change, expected, got) => {
    const last = mapLine(5, 2, [[6, 0.006, 0, 2, 2]]);
    const replay = await replayOf(headerLine(), FIRST, { ...SECOND, ...change }, last);
    const steps = stepsOf(replay);
    expect(steps[1]?.difference).toMatchObject({ line: 3, event: 2, expected, got });
    expect(steps[2]?.difference).toBeNull();
    expect(replay).toMatchObject({ differ: 1, adopted: 0 });
  });

  it('points at the slots of both sides', async () => {
    const replay = await replayOf(headerLine(), FIRST, { ...SECOND, ret: '0x3e001800' });
    expect(stepsOf(replay)[1]?.difference).toMatchObject({
      kernelAt: { pool: 0, slot: 3, nslots: 1 },
      modelAt: { pool: 0, slot: 1, nslots: 1 },
    });
  });

  it('finds its own mapping again when the recorded address was altered', async () => {
    const altered = { ...FIRST, ret: '0x3e000800', slot: 1 };
    const replay = await replayOf(headerLine(), altered, unmapLine(5, 0, [6, 0, 0, 1, 1, 1]));
    expect(stepsOf(replay).map((step) => step.difference !== null)).toEqual([true, false]);
    expect(replay.swiotlb.mem.used).toBe(0);
  });

  const releases: [what: string, change: Line, expected: string][] = [
    ['first slot', { lock: [6, 0, 1, 1, 1, 1] }, 'slots 1 to 1 freed'],
    ['slot count', { lock: [6, 0, 0, 2, 1, 1] }, 'slots 0 to 1 freed'],
    ['hint', { lock: [6, 0, 0, 1, 2, 1] }, 'area 0, hint 2, used 1'],
    ['use', { lock: [6, 0, 0, 1, 1, 3] }, 'area 0, hint 1, used 3'],
    ['data slot', { slot: 4 }, 'slot 4'],
    ['address', { tlb: '0x3e002000' }, 'a live mapping at 0x3e002000'],
  ];
  it.each(releases)('catches an altered %s of an unmap', async (_, change, expected) => {
    const unmap = { ...unmapLine(5, 0, [6, 0.006, 0, 1, 1, 1]), ...change };
    const replay = await replayOf(headerLine(), FIRST, unmap);
    expect(stepsOf(replay)[1]?.difference).toMatchObject({ line: 3, expected });
    expect(replay.swiotlb.mem.used).toBe(0);
  });

  it('compares the counters at the end', async () => {
    const replay = await replayOf(headerLine({ end: { used: 2, hiwater: 9 } }), FIRST);
    stepsOf(replay);
    expect(endDifferences(replay, null).failures).toEqual([
      'io_tlb_used at the end: expected 2, got 1',
      'io_tlb_used_hiwater at the end: expected 9, got 1',
    ]);
  });

  it('searches nothing for a map that was still blocked at the end', async () => {
    const { ret: _ret, slot: _slot, ...blocked } = mapLine(3, 0, []);
    const replay = await replayOf(headerLine(), FIRST, blocked);
    expect(stepsOf(replay)[1]).toMatchObject({ kind: 'unfinished', pool: null, difference: null });
    expect(replay.swiotlb.mem.used).toBe(1);
  });
});

describe('a recording with gaps', () => {
  it('takes buffers that were live before it began, and fails', async () => {
    const report = replayRecording(
      await readRecording(
        bytesOfLines([
          headerLine({
            start: { used: 2, hiwater: 2, hints: [2, 0] },
            end: { used: 1, hiwater: 3 },
          }),
          // Slots 1 and 2 are taken by maps before the recording.
          mapLine(1, 3, [[2, 0, 0, 2, 2]]),
          unmapLine(3, 2, [4, 0, 2, 1, 4, 3]),
          unmapLine(5, 1, [6, 0, 1, 1, 4, 2]),
        ]),
      ),
      null,
    );
    expect(report).toMatchObject({ decisions: 1, differ: 0, adopted: 2 });
    expect(report.failures).toContain(
      'The recording began with 2 slots in use, whose maps it does not show.',
    );
  });

  it('takes over the slot the kernel chose around buffers nobody knows of', async () => {
    const report = replayRecording(
      await readRecording(
        bytesOfLines([
          headerLine({ lost: { overrun: 1 } }),
          FIRST,
          mapLine(3, 7, [[4, 0, 0, 1, 7]]),
          unmapLine(5, 7, [6, 0, 7, 1, 8, 8]),
        ]),
      ),
      null,
    );
    expect(report.adopted).toBe(1);
    expect(report.failures).toContain('The recorder lost events: overrun 1.');
  });

  it('frees what an unmap that was lost must have freed', async () => {
    const again = mapLine(3, 0, [[4, 0, 0, 0, 0]]);
    const recording = await readRecording(
      bytesOfLines([headerLine({ lost: { overrun: 1 } }), FIRST, again]),
    );
    const replay = new RecordingReplay(recording);
    stepsOf(replay);
    expect(replay).toMatchObject({ adopted: 1 });
    expect(replay.swiotlb.mem.used).toBe(1);
  });
});

const dynamic = (changes: Line = {}) =>
  headerLine({
    pools: [{ base: '0x3e000000', nslabs: 128, areas: 1, default: true, hints: [0], used: [0] }],
    pool: { base: '0x3e000000', nslabs: 128, areas: 1, areaSize: 128 },
    ...changes,
  });
const event = (seq: number, name: string, changes: Line = {}) => ({
  t: seq / 1000,
  seq,
  op: 'kernel',
  event: name,
  ...changes,
});

describe('growth', () => {
  const BASE = '0x3e000000';
  const whole = mapLine(1, 0, [[2, 0, 0, 0, 0, BASE]], { size: 262_144 });
  const transient = [
    event(4, 'pool_alloc', { nslabs: 1, nareas: 1 }),
    event(5, 'pool_alloc_ret', { pbase: '0x5000000', pslabs: 1, pareas: 1 }),
  ];
  const small = mapLine(3, null, [
    [4, 0, 0, 0, 128, BASE],
    [6, 0, 0, 0, 0, '0x5000000'],
  ]);
  const served = { ...small, ret: '0x5000000', slot: 0 };

  it('makes transient pools of the memory that the kernel got', async () => {
    const unmap = unmapLine(20, 0, [], { tlb: '0x5000000', seqtransient: 21, lock: undefined });
    const lines = [
      dynamic(),
      whole,
      ...transient,
      served,
      unmap,
      event(30, 'pool_free', { pbase: '0x5000000', pslabs: 1 }),
    ];
    const replay = await replayOf(...lines);
    const steps = stepsOf(replay);
    expect(steps.map((step) => step.kind)).toEqual([
      'map',
      'pool-memory',
      'pool-memory',
      'map',
      'unmap',
      'pool-freed',
    ]);
    expect(steps[3]).toMatchObject({ tlb: 0x500_0000, difference: null });
    expect(replay.differ).toBe(0);
    expect(replay.swiotlb.workerPending).toBe(true);
  });

  it('grows when the kernel grew, by what the kernel got', async () => {
    const replay = await replayOf(
      dynamic(),
      whole,
      ...transient,
      served,
      event(7, 'dyn_alloc'),
      event(8, 'pool_added', { pbase: '0x6000000', pslabs: 128, pareas: 1 }),
      mapLine(9, 0, [[10, 0, 0, 0, 0, '0x6000000']], { ret: '0x6000000' }),
    );
    expect(stepsOf(replay).at(-1)).toMatchObject({ tlb: 0x600_0000, difference: null });
    expect(replay.differ).toBe(0);
    expect(replay.swiotlb.mem.nslabs).toBe(256);
  });

  it('lets the worker run before the map that queued it has its own pool', async () => {
    const replay = await replayOf(
      dynamic(),
      whole,
      event(4, 'pool_alloc_ret', { pbase: '0x5000000', pslabs: 1, pareas: 1 }),
      event(5, 'dyn_alloc'),
      {
        ...small,
        locks: [
          [3, 0, 0, 0, 128, BASE],
          [6, 0, 0, 0, 0, '0x5000000'],
        ],
        ret: '0x5000000',
      },
    );
    stepsOf(replay);
    expect(replay.differ).toBe(0);
    expect(replay.swiotlb.workerPending).toBe(false);
  });

  it('catches a worker that nothing queued, and a pool of another size', async () => {
    const replay = await replayOf(
      dynamic(),
      event(1, 'dyn_alloc'),
      event(2, 'pool_added', { pbase: '0x6000000', pslabs: 256, pareas: 1 }),
    );
    const steps = stepsOf(replay);
    expect(steps[0]?.difference?.expected).toBe('the growth worker to run');
    expect(steps[1]?.difference).toMatchObject({
      expected: 'a pool of 256 slots and 1 areas at 0x6000000',
      got: 'a pool of 128 slots and 1 areas at 0x6000000',
    });
  });
});
