import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Beside, Scenario } from '../engine/scenario.ts';
import { scenarioWith } from '../testing/run-builder.ts';
import type { LinkEvents, PlainReport } from '../worker/client.ts';
import type { Command } from '../worker/protocol.ts';
import { Page } from './page.ts';

const none: Beside = { kind: 'policy', policy: 'none' };
const recorded: Beside = { kind: 'recording', name: 'tiny512-4cpu' };
const scenario = (id: string, beside?: Beside): Scenario => ({
  ...scenarioWith([]),
  id,
  ...(beside ? { beside } : {}),
});

/** A page with a worker of paper that answers as the real one does. */
class Bench {
  readonly page: Page;
  readonly posted: Command[] = [];
  #serial = 0;
  #link: LinkEvents | null = null;

  constructor(...scenarios: Scenario[]) {
    this.page = new Page((events) => {
      this.#link = events;
      return { post: (command) => this.posted.push(command), close: () => undefined };
    });
    this.page.start({});
    this.page.openFirst(scenarios, scenarios[0]?.id ?? '');
  }

  say(report: PlainReport): void {
    this.#link?.message(report);
  }

  /** What the worker says when it has loaded: what the last load was, and what is beside it. */
  loaded(beside: Beside | null, replay = false): void {
    const serial = ++this.#serial;
    this.say({
      kind: 'loaded',
      serial,
      machine: {
        memoryMiB: 1024,
        cpus: 1,
        encrypted: true,
        dynamic: false,
        forceBounce: true,
        commandLine: '',
        hasPool: true,
        devices: [],
        costs: [],
      },
      scenario: replay ? null : this.page.state.scenario,
      replay: replay ? { name: 'x', kernel: '6.12', decisions: 1, events: 2, remarks: [] } : null,
    });
    this.answer(beside);
  }

  answer(beside: Beside | null): void {
    this.say({ kind: 'shadowed', serial: this.#serial, beside });
  }

  get asked(): unknown[] {
    return this.posted.filter(({ kind }) => kind.startsWith('shadow'));
  }
}

let bench = new Bench();
beforeEach(() => {
  bench = new Bench(scenario('one'), scenario('two'));
  bench.loaded(null);
});
afterEach(() => vi.unstubAllGlobals());

it('asks for what is chosen, and shows it when the worker has it', () => {
  bench.page.compare.choose(none);
  expect(bench.asked).toEqual([{ kind: 'shadow', beside: { kind: 'policy', policy: 'none' } }]);
  expect(bench.page.state).toMatchObject({ beside: none, besideNow: null });
  bench.answer(none);
  expect(bench.page.state).toMatchObject({ beside: none, besideNow: none });
});

it('toggles between nothing and what the run is not: throttled or not', () => {
  const { page } = bench;
  page.compare.toggle();
  expect(page.state.beside).toEqual({ kind: 'policy', policy: 'rfc' });
  page.compare.toggle();
  expect(page.state.beside).toBeNull();
  const throttled = scenario('three');
  page.set({ scenario: { ...throttled, throttle: { ...throttleOf, policy: 'wake-all' } } });
  page.compare.toggle();
  expect(page.state.beside).toEqual(none);
});

const throttleOf = { policy: 'rfc', high: null, low: null, timeoutMs: 1, starvedMs: 1 } as const;

it('takes a scenario’s own policy from the worker that began it', () => {
  const other = new Bench(scenario('one', none));
  other.loaded(none);
  expect(other.asked).toEqual([]);
  expect(other.page.state).toMatchObject({ beside: none, besideNow: none });
});

it('fetches the recording that a scenario wants beside it and hands it over', async () => {
  const bytes = new ArrayBuffer(3);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(bytes)));
  const other = new Bench(scenario('one', recorded));
  other.loaded(null);
  await vi.waitFor(() => expect(other.asked).toMatchObject([{ kind: 'shadow-replay' }]));
  expect(other.asked).toEqual([{ kind: 'shadow-replay', name: 'tiny512-4cpu', bytes }]);
  expect(other.page.state).toMatchObject({ beside: recorded, besideNow: null });
});

it('says so when a recording cannot be fetched, or is none of the bundled ones', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
  const { page } = bench;
  for (const name of ['tiny512-4cpu', 'no-such']) {
    page.compare.choose({ kind: 'recording', name });
    const text = `The bundled recording “${name}” could not be fetched.`;
    await vi.waitFor(() => expect(page.state.notices.at(-1)).toMatchObject({ text }));
    expect(page.state.beside).toBeNull();
  }
});

it('drops a recording that was fetched too late', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(new ArrayBuffer(3))));
  bench.page.compare.choose(recorded);
  bench.page.compare.choose(none);
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
  expect(bench.asked).toEqual([{ kind: 'shadow', beside: { kind: 'policy', policy: 'none' } }]);
});

it('keeps what was chosen when the same scenario is loaded again, as after a reboot', () => {
  const { page } = bench;
  page.compare.choose(none);
  bench.answer(none);
  bench.posted.length = 0;
  page.opener.reboot({ ...scenario('one').machine, memoryMiB: 512 });
  bench.loaded(null);
  expect(bench.asked).toEqual([{ kind: 'shadow', beside: { kind: 'policy', policy: 'none' } }]);
});

it('keeps it over a crash, though the new worker counts anew', () => {
  bench.page.compare.choose(none);
  bench.answer(none);
  bench.posted.length = 0;
  bench.page.opener.load(scenario('one'), true);
  bench.say({ kind: 'shadowed', serial: 1, beside: null });
  expect(bench.asked).toEqual([{ kind: 'shadow', beside: { kind: 'policy', policy: 'none' } }]);
});

it('turns off what a scenario began with when that had been turned off before', () => {
  const other = new Bench(scenario('one', none));
  other.loaded(none);
  other.page.compare.choose(null);
  other.answer(null);
  other.posted.length = 0;
  other.page.opener.reboot({ ...scenario('one').machine, memoryMiB: 512 });
  other.loaded(none);
  expect(other.asked).toEqual([{ kind: 'shadow', beside: null }]);
});

it('forgets it with another scenario and with a recording', () => {
  const { page } = bench;
  page.compare.choose(none);
  bench.answer(none);
  page.opener.openScenario(scenario('two'));
  bench.loaded(null);
  expect(page.state.beside).toBeNull();
  page.compare.choose(none);
  bench.answer(none);
  bench.loaded(null, true);
  expect(page.state).toMatchObject({ beside: null, besideNow: null });
});

it('goes back to what there was when the worker refuses', () => {
  const { page } = bench;
  page.compare.choose(none);
  bench.answer(none);
  page.compare.choose({ kind: 'policy', policy: 'wake-all' });
  bench.say({ kind: 'refused', command: 'shadow', sentence: 'It cannot be.' });
  expect(page.state.beside).toEqual(none);
  expect(page.state.notices.at(-1)?.text).toBe('It cannot be.');
});
