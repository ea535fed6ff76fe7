import { beforeEach, describe, expect, it } from 'vitest';
import { NO_THROTTLE, type Scenario } from '../../engine/scenario.ts';
import { deviceWith, scenarioWith } from '../../testing/run-builder.ts';
import { WorkedPage } from '../worked-page.ts';

const throttle = { ...NO_THROTTLE, policy: 'rfc' } as const;
const scenario: Scenario = { ...scenarioWith([deviceWith()]), throttle, openAtMs: 20 };
const KEY = 'kernel.dma.swiotlb_default';

describe('Shell', () => {
  let worked = new WorkedPage();
  beforeEach(async () => {
    worked = new WorkedPage();
    await worked.open(scenario);
    await worked.page.shell.prefetch();
  });

  /** What a line printed. */
  async function said(line: string): Promise<string[]> {
    const before = worked.page.state.shell.lines.at(-1)?.id ?? 0;
    await worked.until(worked.page.shell.enter(line));
    const { lines } = worked.page.state.shell;
    return lines.filter(({ id }) => id > before + 1).map(({ text }) => text);
  }

  it('takes lines before it can read them, and runs them in order', async () => {
    const early = new WorkedPage();
    await early.open(scenario);
    const { shell } = early.page;
    expect(shell.complete('cat hi', false)).toBe('cat hi');
    const [first, second] = [shell.enter('pwd'), shell.enter('echo 7')];
    await early.until(Promise.all([first, second]).then(() => undefined));
    const texts = early.page.state.shell.lines.map(({ text }) => text);
    expect(texts).toEqual(['pwd', '/sys/kernel/debug/swiotlb', 'echo 7', '7']);
  });

  it('prints what the page shows', async () => {
    const { readout } = worked.page.state;
    expect(await said('cat io_tlb_used io_tlb_nslabs')).toEqual([String(readout?.used), '512']);
  });

  it('reads after a write what was written', async () => {
    expect(
      await said('echo 0x10 > high_throttle; cat high_throttle; echo 2 > high_throttle_count'),
    ).toEqual(['16']);
    expect(await said('cat high_throttle_count')).toEqual(['2']);
    expect(await said(`sysctl ${KEY}.low_throttle=400; sysctl ${KEY}`)).toEqual([
      `${KEY}.low_throttle = 400`,
      `${KEY}.high_throttle = 16`,
      `${KEY}.low_throttle = 400`,
    ]);
  });

  it('remembers the thresholds it sets in the scenario', async () => {
    await said('echo 300 > high_throttle; sysctl kernel/dma/swiotlb_default/low_throttle=0');
    expect(worked.page.state.scenario?.throttle).toEqual({ ...throttle, high: 300, low: 0 });
    expect(worked.page.throttle.present('high')).toBe(300);
  });

  it('answers as the kernel answers', async () => {
    expect(await said('echo 1 > io_tlb_used_hiwater')).toEqual([
      'sh: write error: Invalid argument',
    ]);
    expect(await said('echo 0 > io_tlb_used_hiwater; cat io_tlb_used_hiwater')).toEqual(['0']);
    expect(await said('echo 1 > ../swiotlb/io_tlb_used')).toEqual([
      "sh: can't create ../swiotlb/io_tlb_used: Permission denied",
    ]);
    expect(await said(`sysctl ${KEY}.high_throttle=junk`)).toEqual([
      `sysctl: setting key "${KEY}.high_throttle": Invalid argument`,
    ]);
  });

  it('says when a number is larger than the page can count', async () => {
    expect(await said('echo 18446744073709551615 > high_throttle; cat high_throttle')).toEqual([
      'taken as 9007199254740991: this page counts no further',
      '9007199254740991',
    ]);
    expect(await said('echo 18446744073709551616 > high_throttle')).toEqual([
      'sh: write error: Numerical result out of range',
    ]);
  });

  it('runs lines in the order in which they were entered', async () => {
    const both = Promise.all(
      ['echo 5 > low_throttle', 'cat low_throttle'].map((line) => worked.page.shell.enter(line)),
    );
    await worked.until(both.then(() => undefined));
    expect(worked.page.state.shell.lines.map(({ text }) => text)).toEqual([
      'echo 5 > low_throttle',
      'cat low_throttle',
      '5',
    ]);
  });

  it('watches with the page’s numbers until it is interrupted, and leaves the rest undone', async () => {
    const entered = worked.page.shell.enter('watch cat io_tlb_used; pwd');
    await worked.settle();
    const before = worked.page.state.shell.watch;
    expect(before).toEqual({
      title: 'Every frame: cat io_tlb_used',
      lines: [String(worked.page.state.readout?.used)],
    });
    for (let events = 0; events < 40; events++) worked.page.transport.step();
    await worked.settle();
    const { readout, shell } = worked.page.state;
    expect(shell.watch?.lines).toEqual([String(readout?.used)]);
    worked.page.shell.interrupt();
    await worked.until(entered);
    expect(worked.page.state.shell.watch).toBeNull();
    expect(worked.page.state.shell.lines.at(-1)?.text).toBe(String(readout?.used));
  });

  it('watches nothing that changes anything', async () => {
    const entered = worked.page.shell.enter('watch "echo 1 > low_throttle"');
    await worked.settle();
    expect(worked.page.state.shell.watch?.lines).toEqual([
      'watch: only what prints can be watched',
    ]);
    worked.page.shell.interrupt();
    await worked.until(entered);
    expect(worked.posted.some(({ kind }) => kind === 'write')).toBe(false);
  });

  it('moves, clears, and keeps a history without repetitions', async () => {
    await said('cd /proc/sys/kernel/dma/swiotlb_default');
    expect(await said('cat high_throttle')).toEqual(['358']);
    await said('cat high_throttle');
    await said('clear');
    expect(worked.page.state.shell.lines).toEqual([]);
    expect(worked.page.shell.history).toEqual([
      'cd /proc/sys/kernel/dma/swiotlb_default',
      'cat high_throttle',
      'clear',
    ]);
  });

  it('says so when there is no machine yet', async () => {
    worked.page.set({ readout: null });
    expect(await said('cat io_tlb_used')).toEqual(['sh: the machine is not up yet']);
  });

  it('completes, and lists the choices the second time', () => {
    const { shell } = worked.page;
    expect(shell.complete('cat hi', false)).toBe('cat high_throttle');
    expect(shell.complete('cat high_throttle', true)).toBe('cat high_throttle');
    expect(worked.page.state.shell.lines.map(({ text }) => text)).toEqual([
      'cat high_throttle',
      'high_throttle',
      'high_throttle_count',
    ]);
  });
});
