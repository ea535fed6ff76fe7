/** The thresholds of the throttle, set by handles and shell alike: one state, remembered. */
import { throttleOf } from '../engine/scenario.ts';
import type { Page } from './page.ts';

export type Threshold = 'high' | 'low';

/** What the kernel calls them in debugfs. */
export const THRESHOLD_FILES = { high: 'high_throttle', low: 'low_throttle' } as const;

type Pair = Readonly<Record<Threshold, number>>;

function pairWords({ high, low }: Pair): string {
  return `high_throttle is ${high.toLocaleString('en')} and low_throttle ${low.toLocaleString('en')}`;
}

export class ThrottleActions {
  readonly #page: Page;
  /** The newest value of each that waits for the one before it to be answered, and where it is for. */
  readonly #next = new Map<Threshold, { readonly slots: number; readonly scenario: string }>();
  readonly #underWay = new Set<Threshold>();

  constructor(page: Page) {
    this.#page = page;
  }

  /** Whether the machine that runs has thresholds, and they can be set: not in a recording. */
  get canSet(): boolean {
    const { scenario, replay } = this.#page.state;
    return scenario !== null && replay === null && throttleOf(scenario).policy !== 'none';
  }

  /**
   * Writes a threshold into the running kernel, and remembers it for a restart. May be called with
   * every move of a pointer: what is overtaken before it could be sent is never sent.
   *
   * @param slots a whole number, 0 or more; the kernel takes any.
   */
  set(which: Threshold, slots: number): void {
    const { scenario } = this.#page.state;
    if (!scenario || !this.canSet) return;
    this.remember(which, slots);
    this.#next.set(which, { slots, scenario: scenario.id });
    void this.#send(which);
  }

  /** Sets a threshold as a handle does: within the capacity, and pushing the other one along. */
  setByHandle(which: Threshold, slots: number): void {
    const capacity = this.#page.state.readout?.nslabs ?? 0;
    const wanted = Math.min(Math.max(Math.round(slots), 0), capacity);
    const before = this.#pair();
    this.set(which, wanted);
    const other = which === 'high' ? 'low' : 'high';
    const stands = this.present(other);
    const isPushed = stands !== null && (which === 'high' ? stands > wanted : stands < wanted);
    if (isPushed) this.set(other, wanted);
    this.#note(before);
  }

  /** A shell has written a threshold, and the kernel has taken it. */
  taken(which: Threshold, slots: number): void {
    const before = this.#pair();
    this.remember(which, slots);
    this.#note(before);
  }

  #pair(): Pair | null {
    const [high, low] = [this.present('high'), this.present('low')];
    return high === null || low === null ? null : { high, low };
  }

  #note(before: Pair | null): void {
    const after = this.#pair();
    if (before === null || after === null) return;
    this.#page.undo.note({
      thing: 'thresholds',
      before: pairWords(before),
      after: pairWords(after),
      live: true,
      back: () => this.#setPair(before),
      forth: () => this.#setPair(after),
    });
  }

  #setPair(pair: Pair): void {
    for (const which of ['high', 'low'] as const) {
      if (this.present(which) !== pair[which]) this.set(which, pair[which]);
    }
  }

  /** A threshold as it was set last, though no frame may show it yet; null before the first. */
  present(which: Threshold): number | null {
    const { scenario, readout } = this.#page.state;
    const set = scenario && this.canSet ? throttleOf(scenario)[which] : null;
    return set ?? readout?.throttle[`${which}Throttle`] ?? null;
  }

  /** Keeps what the kernel has taken in the page's scenario, as the controls of devices are kept. */
  remember(which: Threshold, slots: number): void {
    const { scenario } = this.#page.state;
    if (!scenario || !this.canSet) return;
    const throttle = { ...throttleOf(scenario), [which]: slots };
    this.#page.set({ scenario: { ...scenario, throttle } });
  }

  /** One write of each at a time; the newest value goes when the one before it is answered. */
  async #send(which: Threshold): Promise<void> {
    const next = this.#next.get(which);
    if (next === undefined || this.#underWay.has(which)) return;
    const isWanted = () => this.canSet && this.#page.state.scenario?.id === next.scenario;
    this.#next.delete(which);
    if (!isWanted()) return;
    this.#underWay.add(which);
    const fault = await this.#page.writes.ask(THRESHOLD_FILES[which], String(next.slots));
    this.#underWay.delete(which);
    if (fault !== null) this.#page.fault(fault);
    // A restart on the way has told the page the value before.
    else if (isWanted() && !this.#next.has(which)) this.remember(which, next.slots);
    void this.#send(which);
  }
}
