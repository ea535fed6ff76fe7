/** A page with a real host behind it, both in one thread, for tests of what goes all the way round. */
import type { Scenario } from '../engine/scenario.ts';
import type { Command } from '../worker/protocol.ts';
import { guestPages } from '../engine/guest-memory.ts';
import { Host } from '../worker/host.ts';
import { Page } from './page.ts';

const noRecordings = () => Promise.reject(new Error('there are none'));
const fetchPages = () => Promise.resolve(guestPages);

/** A screen refresh, about. */
const TURN_MS = 8;
/** Text is renewed at most so often. */
const TEXT_MS = 50;

export class WorkedPage {
  readonly page: Page;
  /** What the page has asked for, in order. */
  readonly posted: Command[] = [];
  #screenMs = 0;

  constructor() {
    this.page = new Page((events) => {
      const say = (message: unknown, transfer: Transferable[]) => {
        const heard: unknown = structuredClone(message, { transfer });
        queueMicrotask(() => events.message(heard));
      };
      const scheduler = {
        now: () => performance.now(),
        later: (callback: () => void, ms: number) => void setTimeout(callback, ms),
      };
      const host = new Host({ postMessage: say }, scheduler, noRecordings, fetchPages);
      return {
        post: (command, transfer) => {
          this.posted.push(command);
          const heard: unknown = structuredClone(command, { transfer });
          queueMicrotask(() => host.hear(heard));
        },
        close: () => undefined,
      };
    });
    this.page.set({ reducedMotion: true });
    this.page.client.open();
  }

  /** Opens a scenario, paused, and waits for its first numbers. */
  async open(scenario: Scenario): Promise<void> {
    this.page.opener.openScenario(scenario);
    await this.settle();
  }

  /** Lets messages, frames and text come through. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) await this.#turn();
  }

  /** Turns until something is done. */
  async until(promise: Promise<void>): Promise<void> {
    const state = { done: false };
    const ended = promise.finally(() => {
      state.done = true;
    });
    while (!state.done) await this.#turn();
    await ended;
  }

  async #turn(): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, TURN_MS);
    });
    this.#screenMs += TEXT_MS;
    this.page.loop.tick(this.#screenMs);
  }
}
