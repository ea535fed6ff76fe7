/**
 * Explains searches: what a request would meet now, at once; what a map met in the past, by playing
 * the run once more in slices, between which the worker listens. One question at a time: a new one,
 * or none, ends the one before it.
 */
import { explainNow } from '../engine/explain-now.ts';
import type { Explained } from '../engine/explained.ts';
import { LookBack } from '../engine/look-back.ts';
import type { ExplainCommand, ExplainDeskEvents, ExplainLooked } from './explain-watch.ts';

/** Longest stretch without looking at the port, wall ms, and events between two looks at the clock. */
const SLICE_MS = 6;
const SLICE_EVENTS = 512;
/** Progress is told so often at most, wall ms. */
const TELL_MS = 100;

export class ExplainDesk {
  readonly #events: ExplainDeskEvents;
  /** Counts questions: what is left of an older one is dropped. */
  #question = 0;

  constructor(events: ExplainDeskEvents) {
    this.#events = events;
  }

  obey({ id, ask }: ExplainCommand, looked: ExplainLooked): void {
    const question = ++this.#question;
    if (ask === null) return;
    if (ask.kind === 'request') {
      this.#answer(id, explainNow(looked.run, ask, looked.simulation?.world.costs.slotNs));
    } else if (looked.simulation === null) {
      this.#answer(id, { kind: 'none', sentence: 'A recording is not played again to look back.' });
    } else {
      const look = new LookBack(looked.simulation, ask);
      this.#goOn(question, id, look, -Infinity);
    }
  }

  #goOn(question: number, id: number, look: LookBack, toldMs: number): void {
    if (question !== this.#question) return;
    const { scheduler } = this.#events;
    try {
      const untilMs = scheduler.now() + SLICE_MS;
      let done = look.advance(SLICE_EVENTS);
      while (!done && scheduler.now() < untilMs) done = look.advance(SLICE_EVENTS);
      if (done && look.answer !== null) {
        this.#answer(id, look.answer);
        return;
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#answer(id, { kind: 'none', sentence: `The look back stopped: ${why}.` });
      return;
    }
    const nowMs = scheduler.now();
    const isDue = nowMs - toldMs >= TELL_MS;
    if (isDue) this.#events.post({ kind: 'explaining', id, progress: look.progress }, []);
    scheduler.later(() => this.#goOn(question, id, look, isDue ? nowMs : toldMs), 0);
  }

  #answer(id: number, explained: Explained): void {
    const transfer: Transferable[] = [];
    if (explained.kind === 'search') {
      for (const { list, owner } of explained.seen) {
        if (list !== null) transfer.push(list.buffer);
        if (owner !== null) transfer.push(owner.buffer);
      }
    }
    this.#events.post({ kind: 'explained', id, explained }, transfer);
  }
}
