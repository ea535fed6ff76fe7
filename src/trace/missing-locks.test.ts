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
import { replayRecording } from './recording-report.ts';
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

describe('a recording with locks', () => {
  const wide = mapLine(3, null, [[4, 0.004, 0, 1, 1]], { size: 300_000 });

  it('has a lock for every area that is searched', async () => {
    const replay = await replayOf(headerLine(), FIRST, wide);
    const [, failed] = stepsOf(replay);
    expect(failed?.difference).toMatchObject({ expected: 'no further area', got: 'area 1' });
    expect(replay.differ).toBe(1);
  });

  it('is over for a map that the end of the recording cut off between two areas', async () => {
    const { ret: _ret, ...cut } = wide;
    const replay = await replayOf(headerLine(), FIRST, cut);
    expect(stepsOf(replay)[1]).toMatchObject({ kind: 'unfinished', difference: null });
  });

  const UNMAP = unmapLine(5, 0, [6, 0.006, 0, 1, 1, 1]);
  const missing: [what: string, lines: Line[], maps: number, unmaps: number][] = [
    ['a map', [{ ...FIRST, locks: [] }, UNMAP], 1, 0],
    ['an unmap', [FIRST, { ...UNMAP, lock: undefined }], 0, 1],
    [
      'all',
      [
        { ...FIRST, locks: [] },
        { ...UNMAP, lock: undefined },
      ],
      1,
      1,
    ],
  ];
  it.each(missing)(
    'proves nothing when the lock of %s is missing',
    async (_, lines, maps, unmaps) => {
      const recording = await readRecording(bytesOfLines([headerLine(), ...lines]));
      expect(replayRecording(recording, null).failures).toContain(
        `The locks of ${maps} maps and ${unmaps} unmaps are missing, though locks were recorded.`,
      );
    },
  );

  it('is told by its locks, not by the word in its header', async () => {
    const header = headerLine({ order: 'return/entry' });
    const replay = await replayOf(header, FIRST, wide);
    expect(stepsOf(replay)[1]?.difference).toMatchObject({ expected: 'no further area' });
  });

  it('asks for no lock of a map too large for a dynamic build, nor of a transient pool', async () => {
    const pool = { base: '0x3e000000', nslabs: 256, areas: 2, default: 1 };
    const tooLarge = { ...wide, locks: [] };
    const replay = await replayOf(headerLine({ pools: [pool], dynamic: true }), FIRST, tooLarge);
    expect(stepsOf(replay)[1]?.difference).toBeNull();
    expect(replay.gaps).toEqual([]);
    const falsely = { ...UNMAP, lock: undefined, transient: true };
    const altered = await replayOf(headerLine(), FIRST, falsely);
    expect(stepsOf(altered)[1]?.difference?.expected).toBe('the end of a transient pool');
  });
});
