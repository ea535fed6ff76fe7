import { beforeAll, expect, test } from 'vitest';
import { pagetypeinfoText } from '../model/buddy-text.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import { tooSmall } from '../scenarios/too-small.ts';
import type { ReplaySummary } from './reports.ts';
import { COMMANDS } from './commands.ts';
import { WorkedPage } from './worked-page.ts';

beforeAll(async () => void (await import('../worker/late-machine.ts')));

const watches = ({ posted }: WorkedPage) =>
  posted.filter((command) => command.kind === 'memory-watch');

test('memory is asked for while it is looked at, and no longer', async () => {
  const worked = new WorkedPage();
  await worked.open(burstBeforeTheWorker);
  const { page } = worked;
  expect(watches(worked)).toEqual([]);
  page.memory.show(true);
  await worked.settle();
  expect(page.state.memory.news).toMatchObject({ cells: 64 });
  page.memory.zoom(20);
  await worked.settle();
  expect(page.state.memory.pages).toBeNull();
  page.memory.zoom(40);
  await worked.settle();
  expect(page.state.memory.pages).toMatchObject({ cell: 40 });
  page.memory.show(false);
  await worked.settle();
  expect(watches(worked).at(-1)).toEqual({ kind: 'memory-watch', on: false, cell: -1 });
  expect(page.state.memory).toMatchObject({ open: false, news: null, pages: null, cell: -1 });
});

test('Escape leaves the pages of a cell first, then the map', async () => {
  const worked = new WorkedPage();
  await worked.open(burstBeforeTheWorker);
  const { page } = worked;
  const escape = () => COMMANDS.find(({ id }) => id === 'escape')?.run(page, null);
  page.memory.show(true);
  page.memory.zoom(40);
  escape();
  expect(page.state.memory).toMatchObject({ open: true, cell: -1 });
  escape();
  expect(page.state.memory).toMatchObject({ open: false, cell: -1 });
});

test('after a reboot memory is told anew, and what if is asked again of whoever has asked once', async () => {
  const worked = new WorkedPage();
  await worked.open(burstBeforeTheWorker);
  const { page } = worked;
  page.memory.show(true);
  await worked.settle();
  page.memory.ask();
  expect(page.state.memory.asking).toBe(true);
  await worked.settle();
  expect(page.state.memory.answers).toMatchObject([
    { ageing: { fill: 0 }, answer: { slots: 2048 } },
  ]);
  const ageing = { uptimeHours: 720, fill: 0.9, kernelShare: 0.1 };
  page.opener.reboot({ ...burstBeforeTheWorker.machine, ageing });
  await worked.settle();
  await worked.settle();
  const { news, answers } = page.state.memory;
  expect(news).not.toBeNull();
  expect(answers.map(({ ageing: { fill } }) => fill)).toEqual([0.9, 0]);
  expect(answers[0]?.answer.slots).toBeLessThan(2048);
});

test('answers are of one scenario', async () => {
  const worked = new WorkedPage();
  await worked.open(burstBeforeTheWorker);
  const { page } = worked;
  page.memory.ask();
  await worked.settle();
  expect(page.state.memory.answers).toHaveLength(1);
  await worked.open(tooSmall);
  expect(page.state.memory.answers).toEqual([]);
});

test('a recording is not asked for its memory, and the map comes back with the next machine', async () => {
  const worked = new WorkedPage();
  await worked.open(burstBeforeTheWorker);
  const { page } = worked;
  page.memory.show(true);
  await worked.settle();
  const asked = watches(worked).length;
  page.set({ replay: { name: 'nvme', events: 1 } as ReplaySummary });
  page.memory.loaded();
  expect(watches(worked)).toHaveLength(asked);
  expect(page.state.memory).toMatchObject({ open: true, news: null });
  await worked.open(aMonthOfUptime);
  expect(page.state.replay).toBeNull();
  expect(watches(worked).at(-1)).toMatchObject({ on: true });
  expect(page.state.memory.news).toMatchObject({ cells: 64 });
});

test('who asks when the worker is gone waits for nothing', async () => {
  const worked = new WorkedPage();
  await worked.open(burstBeforeTheWorker);
  const text = worked.page.memory.pagetypeinfo();
  worked.page.memory.ask();
  worked.page.memory.abandon();
  expect(await text).toBeNull();
  expect(worked.page.state.memory.asking).toBe(false);
});

test('the shell reads /proc/pagetypeinfo as the kernel prints it now', async () => {
  const worked = new WorkedPage();
  await worked.open(aMonthOfUptime);
  const { page } = worked;
  await worked.until(page.shell.enter('cd /proc; cat pagetype*'));
  const printed = page.state.shell.lines
    .filter(({ kind }) => kind === 'out')
    .map(({ text }) => text);
  const alone = createSimulation(aMonthOfUptime);
  alone.runUntil(page.state.readout?.timeNs ?? 0, Infinity);
  const allocator = alone.world.pages?.guest.allocator;
  expect(`${printed.join('\n')}\n`).toBe(allocator && pagetypeinfoText(allocator));
  await worked.until(page.shell.enter('echo 1 > /proc/pagetypeinfo; ls -l /proc/pagetypeinfo'));
  expect(page.state.shell.lines.slice(-3).map(({ text }) => text)).toEqual([
    'echo 1 > /proc/pagetypeinfo; ls -l /proc/pagetypeinfo',
    'sh: write error: Input/output error',
    '-r-------- root /proc/pagetypeinfo',
  ]);
});
