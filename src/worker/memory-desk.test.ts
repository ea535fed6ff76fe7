/** Memory as the worker tells it, over the port. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { MemoryColumns, type MemoryNews } from '../engine/memory-news.ts';
import { MemorySurvey } from '../engine/memory-survey.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { whatIfGrown } from '../engine/what-if.ts';
import { pagetypeinfoText } from '../model/buddy-text.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import type { Scenario } from '../engine/scenario.ts';
import { Bench } from './host-bench.ts';
import { MemoryDesk, SLICE_BLOCKS } from './memory-desk.ts';
import { MemoryWatch } from './memory-watch.ts';
import type { Command, Report } from './protocol.ts';

beforeAll(async () => void (await import('./late-machine.ts')));
afterEach(() => Bench.closeAll());

const load = (scenario: Scenario, openAtMs: number): Command => ({
  kind: 'load',
  scenario: { ...scenario, openAtMs },
  play: false,
});
const watch = (on: boolean, cell = -1): Command => ({ kind: 'memory-watch', on, cell });
const speed = (factor: number): Command => ({ kind: 'speed', speed: { kind: 'time', factor } });

async function opened(scenario: Scenario, openAtMs: number): Promise<Bench> {
  const bench = new Bench();
  await bench.command(load(scenario, openAtMs));
  await bench.pass(32);
  return bench;
}

test('nothing is told of memory before somebody looks', async () => {
  const bench = await opened(burstBeforeTheWorker, 12);
  await bench.command({ kind: 'play' });
  await bench.pass(300);
  expect(bench.all('memory')).toEqual([]);
});

test('who looks is told at once, and is told the memory as it is', async () => {
  const bench = await opened(aMonthOfUptime, 12);
  await bench.command(watch(true));
  const { news, pages, serial } = bench.last('memory');
  const alone = createSimulation(aMonthOfUptime);
  alone.runUntil(bench.head('timeNs'), Infinity);
  const expected = new MemorySurvey(alone.world).read(Infinity);
  expect(serial).toBe(1);
  expect(pages).toBeNull();
  expect(new Uint8Array(news.buffer)).toEqual(
    new Uint8Array(expected?.buffer ?? new ArrayBuffer()),
  );
  expect({ ...news, buffer: null }).toEqual({ ...expected, buffer: null });
});

test('while it plays it is told five times a second at most, and at once when it stops', async () => {
  const bench = await opened(burstBeforeTheWorker, 1);
  await bench.command(watch(true), speed(0.2), { kind: 'play' });
  const before = bench.all('memory').length;
  await bench.pass(1000);
  const told = bench.all('memory').length - before;
  expect(told).toBeGreaterThanOrEqual(4);
  expect(told).toBeLessThanOrEqual(6);
  await bench.command({ kind: 'pause' });
  expect(bench.last('memory').news).toMatchObject({ event: bench.head('event') });
  await bench.command({ kind: 'step' });
  await bench.pass(16);
  expect(bench.last('memory').news.event).toBe(bench.head('event'));
});

test('nothing is told again while nothing happens, nor when nobody looks any more', async () => {
  const bench = await opened(burstBeforeTheWorker, 5);
  await bench.command(watch(true));
  await bench.pass(400);
  expect(bench.all('memory')).toHaveLength(1);
  await bench.command(watch(false), { kind: 'step' }, { kind: 'play' });
  await bench.pass(400);
  expect(bench.all('memory')).toHaveLength(1);
});

test('another run is told anew', async () => {
  const bench = await opened(burstBeforeTheWorker, 5);
  await bench.command(watch(true), load(aMonthOfUptime, 0));
  await bench.pass(32);
  expect(bench.last('memory')).toMatchObject({ serial: 2, news: { toNs: bench.head('timeNs') } });
});

test('much memory is read in pieces between other work; a stop has it read again as it is', async () => {
  const { machine } = burstBeforeTheWorker;
  const large = { ...burstBeforeTheWorker, machine: { ...machine, memoryMiB: 16_384 } };
  const bench = await opened(large, 1);
  await bench.command(speed(0.01), { kind: 'play' });
  await bench.pass(32);
  await bench.command(watch(true));
  expect(bench.all('memory')).toEqual([]);
  for (let turn = 0; turn < 4; turn++) await bench.pass(16);
  const { news } = bench.last('memory');
  expect(news.cells).toBeGreaterThan(3 * SLICE_BLOCKS);
  await bench.command(speed(0.2));
  await bench.pass(400);
  await bench.command({ kind: 'pause' });
  for (let turn = 0; turn < 12; turn++) await bench.pass(1);
  const last = bench.last('memory').news;
  expect(last).toMatchObject({ fromNs: last.toNs, event: bench.head('event') });
});

test('what was read while the run went on is read again as soon as it stands', () => {
  const { machine } = burstBeforeTheWorker;
  const large = { ...burstBeforeTheWorker, machine: { ...machine, memoryMiB: 8192 } };
  const simulation = createSimulation(large);
  const waiting: (() => void)[] = [];
  const told: MemoryNews[] = [];
  const desk = new MemoryDesk({
    scheduler: { now: () => 0, later: (callback) => waiting.push(callback) },
    post: (report) => {
      if (report.kind === 'memory') told.push(report.news);
    },
  });
  const looked = { simulation, serial: 1, playing: true };
  desk.obey({ kind: 'memory-watch', on: true, cell: -1 }, looked);
  expect(told).toEqual([]);
  simulation.runUntil(12e6, Infinity);
  desk.look({ ...looked, playing: false });
  for (let callback = waiting.shift(); callback; callback = waiting.shift()) callback();
  expect(told.map(({ fromNs, toNs }) => [fromNs, toNs])).toEqual([
    [0, 12e6],
    [12e6, 12e6],
  ]);
});

test('the pages of a cell come with the map', async () => {
  const bench = await opened(aMonthOfUptime, 5);
  await bench.command(watch(true, 40));
  const { news, pages } = bench.last('memory');
  expect(pages?.cell).toBe(40);
  expect(pages?.states).toHaveLength(512);
  const free = [...(pages?.states ?? [])].reduce(
    (sum, state) => sum + ((state & 0xf0) === 0x10 ? 2 ** (state & 15) : 0),
    0,
  );
  expect(free).toBe(new MemoryColumns(news.cells, news.buffer).free[40]);
  await bench.command(watch(true, 10));
  expect(bench.last('memory').pages).toBeNull();
});

test('what if it grew now is answered by number, and the run goes on as if nobody had asked', async () => {
  const bench = await opened(aMonthOfUptime, 5);
  await bench.command({ kind: 'what-if', id: 7 }, { kind: 'hash', id: 1 });
  const alone = createSimulation(aMonthOfUptime);
  alone.runUntil(bench.head('timeNs'), Infinity);
  expect(bench.last('what-if')).toMatchObject({
    id: 7,
    serial: 1,
    answer: whatIfGrown(alone.world),
  });
  await bench.command(speed(0.01), { kind: 'play' });
  await bench.pass(500);
  await bench.command({ kind: 'pause' });
  await bench.pass(32);
  alone.runUntil(bench.head('timeNs'), Infinity);
  expect(bench.last('growth').buddyinfo).toBe(alone.buddyinfo());
});

test('/proc/pagetypeinfo is told when it is asked for', async () => {
  const bench = await opened(aMonthOfUptime, 5);
  await bench.command({ kind: 'pagetypeinfo', id: 3 });
  const alone = createSimulation(aMonthOfUptime);
  alone.runUntil(bench.head('timeNs'), Infinity);
  const allocator = alone.world.pages?.guest.allocator;
  expect(bench.last('pagetypeinfo')).toEqual({
    kind: 'pagetypeinfo',
    id: 3,
    text: allocator && pagetypeinfoText(allocator),
  });
});

test('a machine that cannot grow has neither map nor answer', async () => {
  const { machine } = burstBeforeTheWorker;
  const bench = await opened(
    { ...burstBeforeTheWorker, machine: { ...machine, dynamic: false } },
    1,
  );
  await bench.command(watch(true), { kind: 'what-if', id: 1 }, { kind: 'pagetypeinfo', id: 2 });
  await bench.pass(64);
  expect(bench.all('memory')).toEqual([]);
  expect(bench.last('what-if').answer).toBeNull();
  expect(bench.last('pagetypeinfo').text).toBeNull();
});

test('what is asked of a recording is answered too: it has no page allocator', async () => {
  const told: Report[] = [];
  const scheduler = { now: () => 0, later: () => undefined };
  const door = new MemoryWatch({ scheduler, post: (report) => told.push(report) }, () => null);
  door.ask({ kind: 'memory-watch', on: false, cell: -1 });
  door.ask({ kind: 'memory-watch', on: true, cell: -1 });
  door.ask({ kind: 'what-if', id: 1 });
  door.ask({ kind: 'pagetypeinfo', id: 2 });
  await expect.poll(() => told.length).toBe(3);
  const sentence = 'A recording has no page allocator to look at.';
  expect(told).toEqual([
    { kind: 'refused', command: 'memory-watch', sentence },
    { kind: 'refused', command: 'what-if', sentence },
    { kind: 'pagetypeinfo', id: 2, text: null },
  ]);
  door.look();
  expect(told).toHaveLength(3);
});
