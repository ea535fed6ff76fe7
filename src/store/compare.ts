/** With and without: what runs beside the run, as it was chosen and as the worker has it. */
import { throttleOf, type Beside, type Scenario } from '../engine/scenario.ts';
import type { Report } from '../worker/protocol.ts';
import { BUNDLED, bytesAt } from './bundled.ts';
import type { Page } from './page.ts';

/** Kind and name in one word. */
function wordOf(beside: Beside | null): string {
  if (beside === null) return '';
  const { kind } = beside;
  if (kind === 'policy') return `${kind} ${beside.policy}`;
  return kind === 'mode' ? `${kind} ${beside.mode}` : `${kind} ${beside.name}`;
}

function besideWords(beside: Beside | null): string {
  return `${wordOf(beside) || 'nothing'} runs beside the run`;
}

function isSame(one: Beside | null, other: Beside | null): boolean {
  return wordOf(one) === wordOf(other);
}

export class Compare {
  readonly #page: Page;
  /** What shall run beside; undefined = whatever the worker says runs there. */
  #wanted: Beside | null | undefined = undefined;
  #serial = -1;
  /** Counts choices: a recording that was fetched for an earlier one is dropped. */
  #choices = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Has something else run beside the run, or nothing, because somebody chose so. */
  choose(beside: Beside | null): void {
    const before = this.#page.state.beside;
    this.#have(beside);
    this.#page.undo.note({
      thing: 'beside',
      before: besideWords(before),
      after: besideWords(beside),
      live: true,
      back: () => this.#have(before),
      forth: () => this.#have(beside),
    });
  }

  #have(beside: Beside | null): void {
    this.#wanted = beside;
    this.#choices++;
    this.#page.set({ beside });
    if (beside?.kind === 'recording') void this.#fetch(beside.name);
    else this.#page.client.post({ kind: 'shadow', beside });
  }

  /**
   * Nothing beside the run, or what it is there to be compared with: on a machine that growing is
   * about, a fixed pool or one that grows; else no throttling, or the RFC's.
   */
  toggle(): void {
    const { beside, scenario } = this.#page.state;
    if (beside !== null) {
      this.choose(null);
      return;
    }
    const offered = scenario?.beside;
    if (offered?.kind === 'mode') {
      this.choose(offered);
      return;
    }
    if (scenario?.group === 'growing') {
      this.choose({ kind: 'mode', mode: scenario.machine.dynamic ? 'fixed' : 'dynamic' });
      return;
    }
    const isFree = !scenario || throttleOf(scenario).policy === 'none';
    this.choose({ kind: 'policy', policy: isFree ? 'rfc' : 'none' });
  }

  /**
   * A scenario is about to be loaded: the same one again keeps what was chosen.
   *
   * @param beside what shall run beside it in any case.
   */
  expect(scenario: Scenario, beside?: Beside | null): void {
    const { state } = this.#page;
    const isSameAgain = state.replay === null && state.scenario?.id === scenario.id;
    if (beside !== undefined) this.#wanted = beside;
    else if (isSameAgain && state.serial >= 0) this.#wanted = state.beside;
    else this.#wanted = scenario.beside ?? null;
    // A worker that is started anew counts from the beginning.
    this.#serial = -1;
    this.#page.set({ beside: this.#wanted });
  }

  /** The worker says what runs beside the run; a load that begins without what is wanted gets it. */
  shadowed({ serial, beside }: Extract<Report, { kind: 'shadowed' }>): void {
    const isNew = serial !== this.#serial;
    this.#serial = serial;
    if (this.#page.state.replay !== null) this.#wanted = undefined;
    this.#page.set({ besideNow: beside });
    const wanted = this.#wanted;
    if (wanted === undefined) this.#page.set({ beside });
    else if (isNew && !isSame(wanted, beside)) this.#have(wanted);
  }

  /** What was chosen cannot run: what the worker has stays. */
  refused(): void {
    this.#wanted = undefined;
    this.#page.set({ beside: this.#page.state.besideNow });
  }

  async #fetch(name: string): Promise<void> {
    const choice = this.#choices;
    const isWanted = () => choice === this.#choices;
    try {
      const bytes = await bytesAt(BUNDLED.find((recording) => recording.name === name)?.address);
      if (isWanted()) this.#page.client.post({ kind: 'shadow-replay', name, bytes });
    } catch {
      if (!isWanted()) return;
      this.refused();
      this.#page.fault(`The bundled recording “${name}” could not be fetched.`);
    }
  }
}
