import { describe, expect, it } from 'vitest';
import { bytesOfLines, headerLine, mapLine, unmapLine } from '../testing/recording-text.ts';
import { readRecording } from './recording-check.ts';
import { RecordingReplay } from './recording-replay.ts';

describe('survey', () => {
  it('knows in which order events are done', async () => {
    const recording = await readRecording(
      bytesOfLines([
        headerLine(),
        mapLine(1, 128, [
          [2, 0, 0, 0, 128],
          [9, 0, 1, 0, 0],
        ]),
        unmapLine(3, 5, [4, 0, 5, 1, 0, 128]),
      ]),
    );
    expect([...recording.completion]).toEqual([1, 0]);
  });

  it('takes buffers no later than their slots were used before', async () => {
    const recording = await readRecording(
      bytesOfLines([
        headerLine(),
        unmapLine(1, 7, [2, 0, 7, 1, 8, 1]),
        unmapLine(3, 9, [4, 0, 9, 1, 8, 1]),
        unmapLine(5, 7, [6, 0, 7, 1, 8, 1]),
      ]),
    );
    expect(recording.unknown).toEqual([
      { row: 0, beforeStep: 0 },
      { row: 1, beforeStep: 0 },
      { row: 2, beforeStep: 1 },
    ]);
  });

  it('lets its caller breathe, however long the recording, and is done once', async () => {
    const unmaps = Array.from({ length: 10_000 }, (_, seq) =>
      unmapLine(seq, 0, [seq, 0, 0, 128, 0, 128], { size: 262_144 }),
    );
    const bytes = bytesOfLines([headerLine(), ...unmaps]);
    let behindReading = 0;
    const recording = await readRecording(bytes, {
      breathe: (done, total) => {
        if (done === total) behindReading++;
      },
    });
    // 10,000 buffers of 128 slots each, 131,072 slots at a time.
    expect(behindReading).toBeGreaterThan(10);
    const [one, other] = [new RecordingReplay(recording), new RecordingReplay(recording)];
    expect(one.recording.unknown).toBe(other.recording.unknown);
    expect(one.gaps).toContain('10000 buffers are unmapped whose map the recording does not show.');
  });
});
