/** Time: play, pause, one event, restart, and the speed dial. */
import type { RunState } from '../engine/frame.ts';
import type { Page } from './page.ts';
import { clampDial, DIAL_KEY_STEP, DIAL_REAL_TIME, speedAt } from './speed.ts';

export class Transport {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  toggle(): void {
    const { readout, reducedMotion } = this.#page.state;
    // Before the first picture of a load: as it was asked to begin.
    const state = readout?.runState ?? (reducedMotion ? 'paused' : 'playing');
    if (state === 'playing') this.pause();
    else if (state === 'ended') this.restart();
    else this.play();
  }

  play(): void {
    this.#page.client.post({ kind: 'play' });
    this.#expect('playing');
  }

  pause(): void {
    this.#page.client.post({ kind: 'pause' });
    this.#expect('paused');
  }

  /** The run is about to be moved: it stands from now on, as the worker will say. */
  stand(): void {
    if (this.#page.state.readout?.runState === 'playing') this.#expect('paused');
  }

  /** Shows at once what the next frame will say, so that a second key finds the new state. */
  #expect(runState: RunState): void {
    const { readout } = this.#page.state;
    if (readout?.runState !== 'paused' && readout?.runState !== 'playing') return;
    this.#page.use.setState({ readout: { ...readout, runState } });
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
