/**
 * Frames on their way to the page: at most two out at a time, at most one every 16 ms, and only when
 * there is something new to see. Buffers that come back are filled again.
 */
import { writeFrame, type FrameLabel } from '../engine/frame-writer.ts';
import type { ColourMode } from '../engine/frame.ts';
import type { Run } from '../engine/run.ts';

const FRAMES_OUT = 2;
/** One picture per refresh of a 60 Hz screen. */
export const FRAME_MS = 16;

/** Writes frames and counts those the page holds. */
export class FrameDesk {
  colourMode: ColourMode = 'device';
  /** Something changed since the last frame. */
  dirty = false;
  #out = 0;
  #spare: ArrayBuffer | null = null;
  #sequence = 0;
  #postedMs = -Infinity;

  /** How long until a frame may go out, in ms; Infinity while the page holds two or none is due. */
  waitMs(nowMs: number): number {
    if (!this.dirty || this.#out >= FRAMES_OUT) return Infinity;
    return Math.max(0, this.#postedMs + FRAME_MS - nowMs);
  }

  /** Writes a frame of the run as it is; the caller posts it. */
  write(
    run: Run,
    of: Pick<FrameLabel, 'serial' | 'runState' | 'knownNs' | 'shownNs'>,
    nowMs: number,
  ): ArrayBuffer {
    const label = { sequence: this.#sequence++, colourMode: this.colourMode, ...of };
    const buffer = writeFrame(run, label, this.#spare);
    this.#spare = null;
    this.#out++;
    this.#postedMs = nowMs;
    this.dirty = false;
    return buffer;
  }

  /** Takes a buffer back. @returns false when none is out. */
  takeBack(buffer: ArrayBuffer): boolean {
    if (this.#out === 0) return false;
    this.#out--;
    this.#spare = buffer;
    return true;
  }
}
