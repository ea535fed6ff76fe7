/**
 * The page's only animation loop. Canvases are repainted from the newest frame when there is a newer
 * one or when something about the view changed; text follows at a pace people can read.
 */
import type { FrameView } from '../engine/frame.ts';

/** Repaints one canvas. `frame` is null before the first picture. */
export type Painter = (frame: FrameView | null, nowMs: number) => void;

/** Text is renewed at most this often: 20 times a second. */
const TEXT_EVERY_MS = 50;

export interface LoopEvents {
  newest(): FrameView | null;
  /** Called with the newest frame when text is due. */
  text(frame: FrameView): void;
}

export class FrameLoop {
  readonly #events: LoopEvents;
  readonly #painters = new Set<Painter>();
  readonly #awaiting = new Set<() => void>();
  #painted: FrameView | null = null;
  #told: FrameView | null = null;
  #toldAtMs = -TEXT_EVERY_MS;
  #dirty = true;
  #request = 0;

  constructor(events: LoopEvents) {
    this.#events = events;
  }

  /** Adds a painter; the result takes it away again. */
  add(painter: Painter): () => void {
    this.#painters.add(painter);
    this.#dirty = true;
    return () => this.#painters.delete(painter);
  }

  /**
   * Calls back once: in the turn after a frame was painted, when the screen has shown it. The result
   * calls it off.
   */
  whenShown(callback: () => void): () => void {
    this.#awaiting.add(callback);
    return () => this.#awaiting.delete(callback);
  }

  /** Asks for a repaint though no new frame came. */
  touch(): void {
    this.#dirty = true;
  }

  /** One turn: paints what is new, and renews the text when it is due. */
  tick(nowMs: number): void {
    const frame = this.#events.newest();
    // What the last turn has painted is on the screen by now.
    const isShown = this.#painted !== null;
    // Text first: canvases that say the same numbers must not be ahead of it or behind.
    if (frame && frame !== this.#told && nowMs - this.#toldAtMs >= TEXT_EVERY_MS) {
      this.#told = frame;
      this.#dirty = true;
      this.#toldAtMs = nowMs;
      this.#events.text(frame);
    }
    if (frame !== this.#painted || this.#dirty) {
      this.#dirty = false;
      this.#painted = frame;
      for (const painter of this.#painters) painter(frame, nowMs);
    }
    if (isShown) this.#tellShown();
  }

  #tellShown(): void {
    const callbacks = [...this.#awaiting];
    this.#awaiting.clear();
    for (const callback of callbacks) callback();
  }

  /** Runs with the screen until `stop`. */
  run(): void {
    const turn = (nowMs: number) => {
      this.#request = requestAnimationFrame(turn);
      this.tick(nowMs);
    };
    this.#request = requestAnimationFrame(turn);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
  }
}
