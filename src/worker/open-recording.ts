/** Opens a recording for the host: unpacks, checks, and builds its machine when asked. */
import { TraceFault } from '../trace/fault.ts';
import { readRecording } from '../trace/recording-check.ts';
import { RecordingRun } from '../trace/recording-run.ts';
import type { OpenRecording } from './recording-opener.ts';

/** Whatever is in the bytes, this ends in a recording that can be played, or in one sentence. */
export const openRecording: OpenRecording = async (name, bytes, progress) => {
  try {
    const recording = await readRecording(new Uint8Array(bytes), { breathe: progress });
    return { kind: 'ok', open: () => new RecordingRun(recording, name) };
  } catch (error) {
    if (error instanceof TraceFault) return { kind: 'bad', sentence: error.message };
    throw error;
  }
};
