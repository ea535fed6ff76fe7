/** A host behind a real channel and a clock of paper, for tests of the worker. */
import { FrameView, HEADER, RUN_STATES } from '../engine/frame.ts';
import { guestPages } from '../engine/guest-memory.ts';
import { Host } from './host.ts';
import type { FetchPages } from './late-pages.ts';
import type { Scheduler } from './port.ts';
import type { Command, Report } from './protocol.ts';
import type { OpenRecording } from './recording-opener.ts';
import type { FetchTime } from './time-watch.ts';

type ReportOf<Kind extends Report['kind']> = Extract<Report, { kind: Kind }>;

/** Wall time that passes only when the test says so. */
class Clock implements Scheduler {
  #nowMs = 0;
  #waiting: { readonly atMs: number; readonly callback: () => void }[] = [];
  /** Wall time that each look at the clock takes: what a slow machine loses. */
  lookMs = 0;

  now(): number {
    this.#nowMs += this.lookMs;
    return this.#nowMs;
  }

  later(callback: () => void, ms: number): void {
    this.#waiting.push({ atMs: this.#nowMs + ms, callback });
  }

  /** Lets `ms` pass, calling back whoever waits, in order. */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#waiting.toSorted((one, other) => one.atMs - other.atMs);
      if (!next || next.atMs > endMs) break;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }
}

const benches: Bench[] = [];

/** A host behind a real channel, and the page's end of it. */
export class Bench {
  readonly clock = new Clock();
  readonly reports: Report[] = [];
  /** The page hands frames back at once, unless told otherwise. */
  handsBack = true;
  readonly #page: MessagePort;

  constructor(
    openRecording: OpenRecording = () => Promise.reject(new Error('not asked')),
    fetchPages: FetchPages = () => Promise.resolve(guestPages),
    fetchTime?: FetchTime,
  ) {
    const { port1, port2 } = new MessageChannel();
    const host = new Host(port2, this.clock, openRecording, fetchPages, fetchTime);
    port2.addEventListener('message', (event: MessageEvent<unknown>) => host.hear(event.data));
    port2.start();
    port1.addEventListener('message', (event: MessageEvent<Report>) => this.#hear(event.data));
    port1.start();
    this.#page = port1;
    benches.push(this);
  }

  /** Closes the channels of all benches: open ones keep the process alive. */
  static closeAll(): void {
    for (const bench of benches.splice(0)) bench.#page.close();
  }

  #hear(report: Report): void {
    this.reports.push(report);
    if (report.kind !== 'frame' || !this.handsBack) return;
    // A copy is kept to be looked at; the buffer itself goes back.
    const kept = report.buffer.slice(0);
    const { buffer } = report;
    this.reports[this.reports.length - 1] = { kind: 'frame', buffer: kept };
    this.#page.postMessage({ kind: 'frame', buffer }, [buffer]);
  }

  /** Sends messages and waits until everything under way has arrived, both ways. */
  async send(...messages: unknown[]): Promise<void> {
    for (const message of messages) this.#page.postMessage(message);
    await this.settle();
  }

  async command(...commands: Command[]): Promise<void> {
    await this.send(...commands);
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
  }

  /** Lets wall time pass in steps of a screen refresh. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 16) {
      this.clock.pass(Math.min(16, left));
      await this.settle();
    }
  }

  all<Kind extends Report['kind']>(kind: Kind): ReportOf<Kind>[] {
    return this.reports.filter((report): report is ReportOf<Kind> => report.kind === kind);
  }

  last<Kind extends Report['kind']>(kind: Kind): ReportOf<Kind> {
    const found = this.all(kind).at(-1);
    if (!found) throw new RangeError(`no ${kind} came`);
    return found;
  }

  get frame(): FrameView {
    return FrameView.read(this.last('frame').buffer);
  }

  head(field: keyof typeof HEADER): number {
    return this.frame.head(HEADER[field]);
  }

  get state(): string {
    return RUN_STATES[this.head('runState')] ?? '';
  }
}
