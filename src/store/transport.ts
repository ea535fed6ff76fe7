/** Time: play, pause, one event, restart, and the speed dial. */
import type { Page } from './page.ts';
import { clampDial, DIAL_KEY_STEP, DIAL_REAL_TIME, speedAt } from './speed.ts';

export class Transport {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  toggle(): void {
    const state = this.#page.state.readout?.runState;
    if (state === 'playing') this.pause();
    else if (state === 'ended') this.restart();
    else this.play();
  }

  play(): void {
    this.#page.client.post({ kind: 'play' });
  }

  pause(): void {
    this.#page.client.post({ kind: 'pause' });
  }

  /** One event forward; a running machine is paused first, so that the step can be seen. */
  step(): void {
    if (this.#page.state.readout?.runState === 'playing') this.pause();
    this.#page.client.post({ kind: 'step' });
  }

  /** From the beginning, and running unless motion is unwelcome. */
  restart(): void {
    this.#page.set({ log: [], suppressed: 0, difference: null });
    this.#page.client.post({ kind: 'restart' });
    if (!this.#page.state.reducedMotion) this.play();
  }

  /** Goes on behind a difference between the recording and the model. */
  stepPast(): void {
    this.#page.set({ difference: null });
    this.#page.client.post({ kind: 'step-past' });
  }

  setDial(position: number): void {
    const dial = clampDial(position);
    this.#page.set({ dial });
    this.#page.client.post({ kind: 'speed', speed: speedAt(dial) });
  }

  slower(): void {
    this.setDial(this.#page.state.dial - DIAL_KEY_STEP);
  }

  faster(): void {
    this.setDial(this.#page.state.dial + DIAL_KEY_STEP);
  }

  realTime(): void {
    this.setDial(DIAL_REAL_TIME);
  }
}
