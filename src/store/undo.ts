/**
 * Undo and redo of what was changed by hand. A change in a running simulation is undone by another
 * change, back to what was before, at the moment where the run stands now: what has happened stays
 * happened. What started the run from its beginning is undone by starting it from its beginning.
 */
import type { Page } from './page.ts';

/** A change that was made, and how to unmake it. */
export interface Step {
  /** Changes of the same thing in quick succession are one: a slider that is dragged. */
  readonly thing: string;
  /** What is so when it is undone, and when it is done again: "depth of eth0 is 64". */
  readonly before: string;
  readonly after: string;
  /** It acts on what runs now, and means nothing to a recording. */
  readonly live: boolean;
  readonly back: () => void;
  readonly forth: () => void;
}

/** Older steps are forgotten. */
const MOST_STEPS = 100;
/** Wall ms within which changes of the same thing are one. */
const GESTURE_MS = 1000;
/** Wall ms for which the sentence about it stands. */
const SAID_MS = 7000;

export class Undo {
  readonly #page: Page;
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];
  /** While a step is undone or done again, nothing that this changes is a step. */
  #moving = false;
  #lastMs = -Infinity;
  #said = '';

  constructor(page: Page) {
    this.#page = page;
  }

  /** Notes a change that was made just now. What was undone cannot be done again any more. */
  note(step: Step): void {
    if (this.#moving || step.before === step.after) return;
    const nowMs = performance.now();
    const last = this.#done.at(-1);
    const isSame = last?.thing === step.thing && nowMs - this.#lastMs < GESTURE_MS;
    this.#lastMs = nowMs;
    this.#undone.length = 0;
    if (last && isSame && !step.thing.startsWith('run')) {
      this.#done.splice(-1, 1, { ...step, before: last.before, back: last.back });
    } else this.#done.push(step);
    if (this.#done.length > MOST_STEPS) this.#done.shift();
    this.#tell();
  }

  /** Undoes the last change. */
  back(): void {
    this.#move(this.#done, this.#undone, ({ back, before, live }) => {
      back();
      return `Undone: ${before} again${live ? '' : ', from the beginning'}.`;
    });
  }

  /** Does the change again that was undone last. */
  forth(): void {
    this.#move(this.#undone, this.#done, ({ forth, after, live }) => {
      forth();
      return `Done again: ${after}${live ? '' : ', from the beginning'}.`;
    });
  }

  #move(from: Step[], to: Step[], act: (step: Step) => string): void {
    const step = from.at(-1);
    if (step === undefined) {
      this.#say(
        from === this.#done ? 'There is nothing to undo.' : 'There is nothing to do again.',
      );
      return;
    }
    if (step.live && this.#page.state.replay !== null) {
      this.#say('A recording is as it was: close it to undo a change of the scenario.');
      return;
    }
    from.pop();
    to.push(step);
    this.#lastMs = -Infinity;
    this.#moving = true;
    try {
      this.#say(act(step));
    } finally {
      this.#moving = false;
    }
    this.#tell();
  }

  /** One sentence at a time, and not for ever: it is about what has just been done. */
  #say(text: string): void {
    this.#hush(this.#said);
    this.#said = text;
    this.#page.news(text);
    setTimeout(() => {
      if (this.#said === text) this.#hush(text);
    }, SAID_MS);
  }

  #hush(text: string): void {
    const { notices } = this.#page.state;
    const rest = notices.filter((notice) => notice.text !== text);
    if (rest.length < notices.length) this.#page.set({ notices: rest });
  }

  #tell(): void {
    const canUndo = this.#done.at(-1)?.after ?? null;
    const canRedo = this.#undone.at(-1)?.after ?? null;
    this.#page.set({ canUndo, canRedo });
  }
}
