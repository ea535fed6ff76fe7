import { beforeEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../engine/scenario.ts';
import type { LinkEvents, PlainReport } from '../worker/client.ts';
import type { Command, GrowthAttempt, MachineSummary } from '../worker/protocol.ts';
import { MAX_FILE_BYTES } from './opener.ts';
import { Page } from './page.ts';

const MACHINE: MachineSummary = {
  memoryMiB: 1024,
  cpus: 1,
  encrypted: true,
  dynamic: false,
  forceBounce: true,
  commandLine: '',
  hasPool: true,
  devices: [],
  costs: [],
};

function scenario(id: string): Scenario {
  return {
    id,
    title: `The ${id}`,
    watch: '',
    seed: 1,
    machine: { memoryMiB: 1024, cpus: 1, encrypted: true, dynamic: false, commandLine: '' },
    devices: [],
    lengthMs: 100,
    speed: 0.1,
    openAtMs: 0,
  };
}

function attempt(serial: number): GrowthAttempt {
  return {
    serial,
    timeNs: serial,
    event: serial,
    by: 'worker',
    tries: [],
    slots: 0,
    freeBefore: [],
    converted: [0, 0, 0],
    costNs: 0,
  };
}

/** A page with a worker of paper: what was posted, and a mouth to answer with. */
class Bench {
  readonly page: Page;
  readonly posted: Command[] = [];
  starts = 0;
  #link: LinkEvents | null = null;

  constructor() {
    this.page = new Page((events) => {
      this.starts++;
      this.#link = events;
      return { post: (command) => this.posted.push(command), close: () => undefined };
    });
  }

  say(report: PlainReport): void {
    this.#link?.message(report);
  }

  crash(): void {
    this.#link?.crash('boom');
  }

  loaded(serial: number, replay = false): void {
    this.say({
      kind: 'loaded',
      serial,
      machine: MACHINE,
      scenario: replay ? null : (this.page.state.scenario ?? null),
      replay: replay
        ? { name: 'x.jsonl', kernel: '6.12', decisions: 1, events: 2, remarks: [] }
        : null,
    });
  }

  kinds(): string[] {
    return this.posted.map(({ kind }) => kind);
  }

  notices(): string[] {
    return this.page.state.notices.map(({ text }) => text);
  }
}

describe('Page', () => {
  let bench = new Bench();
  beforeEach(() => {
    bench = new Bench();
    bench.page.start({});
    bench.page.openFirst([scenario('one'), scenario('two')], 'two');
  });

  it('opens the scenario that was asked for, playing', () => {
    expect(bench.posted).toMatchObject([{ kind: 'load', scenario: { id: 'two' }, play: true }]);
  });

  it('opens the first one and says so when the asked one does not exist', () => {
    const other = new Bench();
    other.page.start({});
    other.page.openFirst([scenario('one')], 'nine');
    expect(other.posted).toMatchObject([{ kind: 'load', scenario: { id: 'one' } }]);
    expect(other.notices()).toEqual(['There is no scenario “nine”.']);
  });

  it('opens paused under reduced motion', () => {
    const other = new Bench();
    other.page.start({ reducedMotion: true });
    other.page.openFirst([scenario('one')], null);
    expect(other.posted).toMatchObject([{ kind: 'load', play: false }]);
  });

  it('tells a fresh load its speed and colours', () => {
    bench.page.look.setColourMode('age');
    bench.posted.length = 0;
    bench.loaded(1);
    expect(bench.posted).toEqual([
      { kind: 'colour', mode: 'age' },
      { kind: 'speed', speed: { kind: 'time', factor: 0.1 } },
    ]);
  });

  it('keeps the log of the present load only', () => {
    bench.loaded(2);
    const line = { timeNs: 0, event: 1, text: 'hello', level: 'info' as const };
    bench.say({ kind: 'log', anew: false, serial: 1, lines: [line], suppressed: 0 });
    expect(bench.page.state.log).toEqual([]);
    bench.say({ kind: 'log', anew: false, serial: 2, lines: [line], suppressed: 4 });
    expect(bench.page.state).toMatchObject({ log: [line], suppressed: 4 });
  });

  it('keeps the newest 200 attempts to grow, of the present load only', () => {
    bench.loaded(2);
    const attempts = Array.from({ length: 150 }, (_, index) => attempt(index + 1));
    const say = (serial: number, count: number) =>
      bench.say({
        kind: 'growth',
        anew: false,
        serial,
        attempts,
        count,
        buddyinfo: 'Node 0',
        own: null,
      });
    say(1, 150);
    expect(bench.page.state).toMatchObject({ growth: [], growthCount: 0, buddyinfo: null });
    say(2, 150);
    say(2, 300);
    expect(bench.page.state).toMatchObject({ growthCount: 300, buddyinfo: 'Node 0' });
    expect(bench.page.state.growth.map(({ serial }) => serial).slice(48, 52)).toEqual([
      149, 150, 1, 2,
    ]);
    expect(bench.page.state.growth).toHaveLength(200);
    bench.loaded(3);
    expect(bench.page.state).toMatchObject({ growth: [], growthCount: 0, buddyinfo: null });
  });

  it('starts a dead worker again with the scenario kept', () => {
    bench.loaded(1);
    bench.crash();
    expect(bench.starts).toBe(2);
    expect(bench.posted.at(-1)).toMatchObject({ kind: 'load', scenario: { id: 'two' } });
    expect(bench.notices()[0]).toMatch(/stopped unexpectedly.*started again with “The two”/);
  });

  it('keeps live edits of a device over a crash', () => {
    const device = { name: 'nvme0', depth: 4 } as Scenario['devices'][number];
    bench.page.opener.openScenario({ ...scenario('one'), devices: [device] });
    bench.loaded(1);
    bench.page.opener.setDevice(0, 'depth', 64);
    expect(bench.posted.at(-1)).toEqual({ kind: 'device', device: 0, control: 'depth', value: 64 });
    bench.crash();
    expect(bench.posted.at(-1)).toMatchObject({
      kind: 'load',
      scenario: { devices: [{ name: 'nvme0', depth: 64 }] },
    });
  });

  it('gives up a worker that dies again and again, until a scenario is picked', () => {
    bench.crash();
    bench.crash();
    bench.crash();
    expect(bench.page.state.phase).toBe('stopped');
    const { starts } = bench;
    bench.page.opener.openScenario(scenario('one'));
    expect(bench.starts).toBe(starts + 1);
    expect(bench.posted.at(-1)).toMatchObject({ kind: 'load', scenario: { id: 'one' } });
  });

  it('goes back to the scenario when a recording kills the worker', () => {
    bench.loaded(1);
    bench.loaded(2, true);
    expect(bench.page.state.scenario?.id).toBe('two');
    bench.crash();
    expect(bench.posted.at(-1)).toMatchObject({ kind: 'load', scenario: { id: 'two' } });
    expect(bench.notices()[0]).toContain('The recording is closed.');
  });

  it('opens a recording at its own speed, and keeps the dial over a restart', () => {
    bench.page.set({ opening: { name: 'x.jsonl', done: 0, total: 0 } });
    bench.loaded(1, true);
    expect(bench.page.state.dial).toBeLessThan(1);
    bench.page.transport.setDial(4);
    bench.loaded(2, true);
    expect(bench.page.state.dial).toBe(4);
  });

  it('plays a recording as soon as it is loaded, and a restarted one as it was', () => {
    bench.page.set({ opening: { name: 'x.jsonl', done: 0, total: 0 } });
    bench.loaded(1, true);
    expect(bench.kinds()).toContain('play');
    bench.posted.length = 0;
    bench.loaded(2, true);
    expect(bench.kinds()).not.toContain('play');
  });

  it('refuses a huge file before reading it', async () => {
    const file = {
      name: 'big.jsonl',
      size: MAX_FILE_BYTES + 1,
      arrayBuffer: () => Promise.reject(new Error('was read')),
    };
    await bench.page.opener.openFile(file);
    expect(bench.notices()).toEqual([
      '“big.jsonl” has 65 MiB; recordings of up to 64 MiB are read.',
    ]);
    expect(bench.kinds()).not.toContain('replay');
  });

  it('says when a file cannot be read, and goes on', async () => {
    const file = { name: 'gone', size: 1, arrayBuffer: () => Promise.reject(new Error('gone')) };
    await bench.page.opener.openFile(file);
    expect(bench.notices()).toEqual(['“gone” could not be read.']);
    expect(bench.page.state.opening).toBeNull();
  });

  it('forgets a file that is still being read when something else is picked', async () => {
    const reading = bench.page.opener.openFile({
      name: 'slow.jsonl',
      size: 1,
      arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)),
    });
    expect(bench.page.state.opening?.name).toBe('slow.jsonl');
    bench.page.opener.openScenario(scenario('one'));
    await reading;
    expect(bench.kinds()).not.toContain('replay');
    expect(bench.page.state.opening).toBeNull();
  });

  it('shows the refusal of a recording and keeps what it had', () => {
    bench.loaded(1);
    bench.page.set({ opening: { name: 'x', done: 0, total: 0 } });
    bench.say({ kind: 'refused', command: 'replay', sentence: 'Line 3: no op.' });
    expect(bench.notices()).toEqual(['Line 3: no op.']);
    expect(bench.page.state).toMatchObject({ opening: null, machine: MACHINE, replay: null });
  });

  it('goes on with what it had when a scenario cannot be loaded', () => {
    bench.page.opener.openScenario({ ...scenario('one'), speed: 0.1 });
    bench.loaded(1);
    const { scenario: one, dial } = bench.page.state;
    bench.page.opener.openScenario({ ...scenario('two'), speed: 0.001 });
    bench.page.opener.openScenario({ ...scenario('three'), speed: 0.01 });
    expect(bench.page.state.dial).not.toBe(dial);
    bench.say({ kind: 'refused', command: 'load', sentence: 'It cannot be.' });
    expect(bench.notices()).toEqual(['It cannot be.']);
    expect(bench.page.state).toMatchObject({ scenario: one, dial });
  });

  it('pauses on a key that comes before the first picture, and plays on the next one', () => {
    bench.loaded(1);
    bench.posted.length = 0;
    bench.page.transport.toggle();
    expect(bench.posted).toEqual([{ kind: 'pause' }]);
  });

  it('says the same sentence once, and forgets it when dismissed', () => {
    bench.page.fault('No.');
    bench.page.fault('No.');
    expect(bench.notices()).toEqual(['No.']);
    bench.page.dismiss(bench.page.state.notices[0]?.id ?? 0);
    expect(bench.notices()).toEqual([]);
  });

  it('answers every question for a hash, and gives up those a crash swallowed', async () => {
    const first = bench.page.hashes.ask();
    const { id } = bench.posted.at(-1) as Extract<Command, { kind: 'hash' }>;
    bench.say({ kind: 'hash', id, hash: 'abc' });
    await expect(first).resolves.toBe('abc');
    const second = bench.page.hashes.ask();
    bench.crash();
    await expect(second).rejects.toThrow('stopped');
  });

  it('points at a slot once, however often the pointer moves in it', () => {
    bench.posted.length = 0;
    bench.page.pointing.hover({ pool: 0, slot: 1 });
    bench.page.pointing.hover({ pool: 0, slot: 1 });
    bench.page.pointing.hover(null);
    expect(bench.posted).toEqual([
      { kind: 'hover', at: { pool: 0, slot: 1 } },
      { kind: 'hover', at: null },
    ]);
  });

  it('isolates a legend entry, and brings all back when asked again', () => {
    const others = new Set(['b', 'c']);
    bench.page.look.isolateEntry('a', others);
    expect(bench.page.state.hidden).toEqual(others);
    bench.page.look.isolateEntry('a', others);
    expect(bench.page.state.hidden.size).toBe(0);
    bench.page.look.toggleEntry('b');
    expect([...bench.page.state.hidden]).toEqual(['b']);
  });
});
