import { describe, expect, it } from 'vitest';
import { NO_THROTTLE, type Scenario } from '../engine/scenario.ts';
import type { Command } from '../worker/protocol.ts';
import { Page } from './page.ts';

const SCENARIO: Scenario = {
  id: 'a',
  title: 'A',
  watch: '',
  seed: 1,
  machine: { memoryMiB: 1024, cpus: 1, encrypted: true, dynamic: false, commandLine: '' },
  devices: [],
  lengthMs: 100,
  speed: 0.1,
  openAtMs: 0,
  throttle: { ...NO_THROTTLE, policy: 'rfc', high: 77 },
};

/** A page on which a scenario runs, and what it posts. */
function opened(): { page: Page; loads: () => Scenario[] } {
  const posted: Command[] = [];
  const page = new Page(() => ({
    post: (command) => posted.push(command),
    close: () => undefined,
  }));
  page.start({});
  page.openFirst([SCENARIO], 'a');
  const loads = () =>
    posted.flatMap((command) => (command.kind === 'load' ? [command.scenario] : []));
  return { page, loads };
}

describe('another policy', () => {
  it('starts the run from its beginning, thresholds and all', () => {
    const { page, loads } = opened();
    page.opener.pickPolicy('wake-all');
    expect(loads().at(-1)).toEqual({
      ...SCENARIO,
      throttle: { ...NO_THROTTLE, policy: 'wake-all', high: 77 },
    });
    expect(page.state.scenario?.throttle?.policy).toBe('wake-all');
    expect(page.state.notices).toEqual([]);
  });

  it('that makes pools gets a machine that can, and says so', () => {
    const { page, loads } = opened();
    page.opener.pickPolicy('timeout-grow');
    expect(loads().at(-1)?.machine.dynamic).toBe(true);
    expect(page.state.notices.map(({ text }) => text)).toEqual([
      expect.stringContaining('CONFIG_SWIOTLB_DYNAMIC'),
    ]);
  });

  it('is nothing before there is a scenario', () => {
    const { page, loads } = opened();
    page.set({ scenario: null });
    page.opener.pickPolicy('rfc');
    expect(loads()).toHaveLength(1);
  });
});
