import { expect, test } from 'vitest';
import { guestPages } from '../engine/guest-memory.ts';
import { NO_THROTTLE } from '../engine/scenario.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { simulationSession } from './session.ts';

const throttle = { ...NO_THROTTLE, policy: 'rfc' } as const;
const throttled = { ...scenarioWith([deviceWith()]), throttle };

test('a restart keeps the thresholds that were set, and the defaults that were not', () => {
  const session = simulationSession(throttled, true, guestPages);
  session.simulation?.apply({ kind: 'write', file: 'low_throttle', text: '40' });
  const again = session.restarted();
  expect(again.run.swiotlb.mem.throttle).toMatchObject({ highThrottle: 358, lowThrottle: 40 });
  expect(again.report(2).scenario?.throttle).toEqual({ ...throttle, low: 40 });
});

test('a scenario without throttling stays one', () => {
  const session = simulationSession(scenarioWith([deviceWith()]), true, guestPages).restarted();
  expect(session.report(2).scenario).not.toHaveProperty('throttle');
});
