import { beforeEach, describe, expect, it } from 'vitest';
import { NO_THROTTLE, type Scenario } from '../engine/scenario.ts';
import type { ReplaySummary } from '../worker/protocol.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { WorkedPage } from './worked-page.ts';

const throttle = { ...NO_THROTTLE, policy: 'rfc' } as const;
const scenario: Scenario = { ...scenarioWith([deviceWith()]), throttle };

describe('ThrottleActions', () => {
  let worked = new WorkedPage();
  beforeEach(async () => {
    worked = new WorkedPage();
    await worked.open(scenario);
  });
  const { defaultHigh, defaultLow } = { defaultHigh: 358, defaultLow: 332 };
  const thresholds = () => {
    const { highThrottle = -1, lowThrottle = -1 } = worked.page.state.readout?.throttle ?? {};
    return [highThrottle, lowThrottle];
  };

  it('sets a threshold in the running machine, and remembers it', async () => {
    worked.page.throttle.set('low', 100);
    expect(worked.page.state.scenario?.throttle).toEqual({ ...throttle, low: 100 });
    await worked.settle();
    expect(thresholds()).toEqual([defaultHigh, 100]);
  });

  it('sends the newest value only, while one is under way', async () => {
    for (let slots = 300; slots > 200; slots--) worked.page.throttle.set('high', slots);
    await worked.settle();
    const texts = worked.posted.flatMap((command) =>
      command.kind === 'write' ? [command.text] : [],
    );
    expect(texts).toEqual(['300', '201']);
    expect(thresholds()).toEqual([201, defaultLow]);
  });

  it('lets a handle push the other one along, and keeps it within the pool', async () => {
    worked.page.throttle.setByHandle('low', 400);
    await worked.settle();
    expect(thresholds()).toEqual([400, 400]);
    worked.page.throttle.setByHandle('high', -5);
    await worked.settle();
    expect(thresholds()).toEqual([0, 0]);
    worked.page.throttle.setByHandle('high', 1e9);
    await worked.settle();
    expect(thresholds()).toEqual([512, 0]);
  });

  it('keeps a threshold over a restart', async () => {
    worked.page.throttle.set('high', 77);
    await worked.settle();
    worked.page.transport.restart();
    await worked.settle();
    expect(thresholds()).toEqual([77, defaultLow]);
    expect(worked.page.state.scenario?.throttle?.high).toBe(77);
  });

  it('keeps the newest value over a restart in the middle of a drag, and takes none into another scenario', async () => {
    for (const slots of [90, 80, 70]) worked.page.throttle.set('high', slots);
    worked.page.transport.restart();
    await worked.settle();
    expect(thresholds()).toEqual([70, defaultLow]);
    expect(worked.page.state.scenario?.throttle?.high).toBe(70);
    for (const slots of [60, 50]) worked.page.throttle.set('high', slots);
    await worked.open({ ...scenario, id: 'other' });
    expect(thresholds()).toEqual([defaultHigh, defaultLow]);
    expect(worked.page.state.scenario?.throttle?.high).toBeNull();
  });

  it('does nothing in a recording, nor where nothing is throttled', async () => {
    const replay: ReplaySummary = { name: 'x', kernel: '', decisions: 0, events: 0, remarks: [] };
    worked.page.set({ replay });
    worked.page.throttle.set('high', 1);
    worked.page.set({ replay: null });
    await worked.open({ ...scenario, throttle: NO_THROTTLE });
    worked.page.throttle.set('high', 1);
    await worked.settle();
    expect(worked.posted.some(({ kind }) => kind === 'write')).toBe(false);
  });
});
