/** Growing as the worker tells it, over the port. */
import { afterEach, expect, test } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import { perMappingWithoutNoio } from '../scenarios/growing/per-mapping-without-noio.ts';
import type { Scenario } from '../engine/scenario.ts';
import { Bench } from './host-bench.ts';
import type { Command } from './protocol.ts';

afterEach(() => Bench.closeAll());

const MS = 1e6;
const load = (scenario: Scenario, openAtMs: number): Command => ({
  kind: 'load',
  scenario: { ...scenario, openAtMs },
  play: false,
});

test('every attempt to grow is told once, in order, as the run has noted it', async () => {
  const bench = new Bench();
  await bench.command(load(burstBeforeTheWorker, 10));
  await bench.pass(32);
  expect(bench.last('growth')).toMatchObject({ serial: 1, attempts: [], count: 0 });
  await bench.command({ kind: 'speed', speed: { kind: 'time', factor: 0.05 } }, { kind: 'play' });
  await bench.pass(96);
  await bench.command({ kind: 'pause' });
  await bench.pass(32);
  const alone = createSimulation(burstBeforeTheWorker);
  alone.runUntil(bench.head('timeNs'), Infinity);
  expect(alone.growth.count).toBeGreaterThan(5);
  expect(bench.all('growth').flatMap(({ attempts }) => attempts)).toEqual(alone.growth.since(0));
  expect(bench.last('growth')).toMatchObject({
    count: alone.growth.count,
    buddyinfo: alone.buddyinfo(),
  });
});

test('free memory is told as the kernel prints it, before anything has grown', async () => {
  const bench = new Bench();
  await bench.command(load(aMonthOfUptime, 0));
  await bench.pass(32);
  const { buddyinfo } = bench.last('growth');
  expect(buddyinfo).toMatch(
    /^Node 0, zone {6}DMA( +\d+){11} \nNode 0, zone {4}DMA32( +\d+){11} \n$/,
  );
  const fresh = new Bench();
  await fresh.command(load(burstBeforeTheWorker, 0));
  await fresh.pass(32);
  expect(fresh.last('growth').buddyinfo).not.toBe(buddyinfo);
});

test('nothing is told twice while nothing changes, and all anew when the run begins again', async () => {
  const bench = new Bench();
  await bench.command(load(burstBeforeTheWorker, 12));
  await bench.pass(64);
  const told = bench.all('growth').length;
  const { attempts } = bench.last('growth');
  expect(attempts.length).toBeGreaterThan(0);
  await bench.pass(96);
  expect(bench.all('growth')).toHaveLength(told);
  await bench.command({ kind: 'restart' });
  await bench.pass(32);
  expect(bench.head('timeNs')).toBeLessThan(MS);
  expect(bench.last('growth')).toMatchObject({ serial: 2, attempts: [], count: 0 });
});

test('a machine that cannot grow has nothing to tell of it', async () => {
  const bench = new Bench();
  const { machine } = burstBeforeTheWorker;
  await bench.command(
    load({ ...burstBeforeTheWorker, machine: { ...machine, dynamic: false } }, 12),
  );
  await bench.pass(64);
  expect(bench.all('growth')).toEqual([]);
});

test('buffers with pages of their own are told while they change, and who waits for whom', async () => {
  const bench = new Bench();
  await bench.command(load(perMappingWithoutNoio, 60));
  await bench.pass(32);
  const alone = createSimulation(perMappingWithoutNoio);
  alone.runUntil(60 * MS, Infinity);
  expect(bench.last('growth')?.own).toEqual(alone.own?.report());
  expect(bench.last('growth')?.own?.maps).toBeGreaterThan(100);
  await bench.command({ kind: 'speed', speed: { kind: 'time', factor: 1 } }, { kind: 'play' });
  await bench.pass(400);
  expect(bench.last('growth')?.own?.wait).toMatchObject({ asleep: 8, underWay: 0 });
  const told = bench.all('growth').length;
  await bench.pass(200);
  expect(bench.all('growth')).toHaveLength(told);
});
