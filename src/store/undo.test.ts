import { describe, expect, it, vi } from 'vitest';
import { tooSmall } from '../scenarios/too-small.ts';
import { hysteresis } from '../scenarios/throttling/hysteresis.ts';
import { Page } from './page.ts';
import { WorkedPage } from './worked-page.ts';

/** A page with no worker, on which something can be done and undone. */
function bare() {
  const page = new Page(() => ({ post: () => undefined, close: () => undefined }));
  const seen: string[] = [];
  const note = (thing: string, name: string) =>
    page.undo.note({
      thing,
      before: `${name} off`,
      after: `${name} on`,
      live: true,
      back: () => void seen.push(`-${name}`),
      forth: () => void seen.push(`+${name}`),
    });
  return { page, note, seen };
}

describe('undo', () => {
  it('goes back step by step, and forth again, and says so in one sentence', () => {
    const { page, note, seen } = bare();
    note('run', 'a');
    note('run', 'b');
    expect(page.state.canUndo).toBe('b on');
    page.undo.back();
    expect(page.state.notices.map(({ text }) => text)).toEqual(['Undone: b off again.']);
    page.undo.back();
    page.undo.forth();
    expect(seen).toEqual(['-b', '-a', '+a']);
    expect(page.state.notices.map(({ text }) => text)).toEqual(['Done again: a on.']);
    expect(page.state).toMatchObject({ canUndo: 'a on', canRedo: 'b on' });
  });

  it('says when there is nothing, and forgets what was undone when something else is done', () => {
    const { page, note } = bare();
    page.undo.back();
    expect(page.state.notices.at(-1)?.text).toBe('There is nothing to undo.');
    note('run', 'a');
    page.undo.back();
    note('run', 'b');
    page.undo.forth();
    expect(page.state.notices.at(-1)?.text).toBe('There is nothing to do again.');
  });

  it('takes a slider that is dragged as one change', () => {
    const { page, note, seen } = bare();
    note('depth 0', 'a');
    note('depth 0', 'b');
    page.undo.back();
    expect(page.state.notices.at(-1)?.text).toBe('Undone: a off again.');
    expect(seen).toEqual(['-a']);
    page.undo.back();
    expect(seen).toEqual(['-a']);
    page.undo.forth();
    expect(seen).toEqual(['-a', '+b']);
  });

  it('remembers a hundred changes', () => {
    const { page, note, seen } = bare();
    for (let change = 0; change < 150; change++) note('run', `${change}`);
    for (let change = 0; change < 150; change++) page.undo.back();
    expect(seen).toHaveLength(100);
    expect(seen.at(-1)).toBe('-50');
  });

  it('takes its sentence away after a while', () => {
    vi.useFakeTimers();
    const { page, note } = bare();
    note('run', 'a');
    page.undo.back();
    vi.runAllTimers();
    expect(page.state.notices).toEqual([]);
    vi.useRealTimers();
  });
});

describe('what is undone on a page with a worker', () => {
  it('is a control of a device, by a change back in the same run', async () => {
    const { page, settle } = await opened();
    const { serial } = page.state;
    const [before] = page.state.scenario?.devices ?? [];
    page.opener.setDevice(0, 'depth', 5);
    await settle();
    page.undo.back();
    await settle();
    expect(page.state.machine?.devices[0]?.spec?.depth).toBe(before?.depth);
    page.undo.forth();
    await settle();
    expect(page.state.machine?.devices[0]?.spec?.depth).toBe(5);
    expect(page.state.serial).toBe(serial);
  });

  it('is a scenario, a policy, a mode and a reboot, by beginning anew', async () => {
    const { page, settle } = await opened();
    const first = page.state.scenario;
    const actions = [
      () => page.opener.openScenario(tooSmall),
      () => page.opener.pickPolicy('wake-all'),
      () => page.opener.pickMode('dynamic'),
      () => page.opener.reboot({ ...tooSmall.machine, cpus: 2 }),
    ];
    const states = [first];
    for (const act of actions) {
      act();
      await settle();
      states.push(page.state.scenario);
    }
    for (const state of states.slice(0, -1).toReversed()) {
      page.undo.back();
      await settle();
      expect(page.state.scenario).toEqual(state);
    }
    expect(page.state.notices.at(-1)?.text).toMatch(/^Undone: .* again, from the beginning\.$/);
    for (const state of states.slice(1)) {
      page.undo.forth();
      await settle();
      expect(page.state.scenario).toEqual(state);
    }
  });

  it('is the thresholds as a pair, by handle and by shell', async () => {
    const { page, settle } = await opened();
    const pair = () => [page.throttle.present('high'), page.throttle.present('low')];
    const before = pair();
    page.throttle.setByHandle('high', 3);
    await settle();
    expect(pair()).toEqual([3, 3]);
    page.undo.back();
    await settle();
    expect(pair()).toEqual(before);
    expect(page.state.readout?.throttle.highThrottle).toBe(before[0]);
    await page.shell.enter('echo 9 > /sys/kernel/debug/swiotlb/high_throttle');
    await settle();
    expect(page.state.canUndo).toContain('high_throttle is 9');
    page.undo.back();
    await settle();
    expect(page.state.readout?.throttle.highThrottle).toBe(before[0]);
  });

  it('is what runs beside the run', async () => {
    const { page, settle } = await opened();
    const before = page.state.beside;
    page.compare.choose({ kind: 'policy', policy: 'wake-all' });
    await settle();
    expect(page.state.besideNow).toEqual({ kind: 'policy', policy: 'wake-all' });
    page.undo.back();
    await settle();
    expect(page.state.besideNow).toEqual(before);
  });
});

async function opened() {
  const worked = new WorkedPage();
  await worked.open(hysteresis);
  return { page: worked.page, settle: () => worked.settle() };
}
