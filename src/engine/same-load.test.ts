/** Two runs that differ in policy only are asked for the same, however differently it goes. */
import { expect, test } from 'vitest';
import { networkExhausts } from '../scenarios/throttling/network-exhausts.ts';
import type { PolicyId } from '../model/throttle-policies.ts';
import { streamOf } from './chance.ts';
import { DEVICE, DEVICE_FIELDS } from './frame.ts';
import { NO_THROTTLE } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';

const MS = 1_000_000;
const NETWORK = 1;

function under(policy: PolicyId): Simulation {
  const throttle = { ...(networkExhausts.throttle ?? NO_THROTTLE), policy };
  return createSimulation({ ...networkExhausts, throttle });
}

/** Packets the network has sent, received or lost by then; what is on its way left aside. */
function packets({ ledger }: Simulation): number {
  const at = NETWORK * DEVICE_FIELDS;
  return (ledger.deviceRows[at + DEVICE.done] ?? 0) + (ledger.deviceRows[at + DEVICE.dropped] ?? 0);
}

test('the network is offered the same packets under every policy', () => {
  const none = under('none');
  none.runUntil(400 * MS, Infinity);
  expect(packets(none)).toBeGreaterThan(5000);
  for (const policy of ['rfc', 'wake-below', 'wake-all'] as const) {
    const other = under(policy);
    other.runUntil(400 * MS, Infinity);
    // Nothing of it is left on its way at this moment: bursts are over.
    expect(Math.abs(packets(other) - packets(none))).toBeLessThan(60);
    expect(other.streamHash).not.toBe(none.streamHash);
  }
});

test('streams of one seed are different, and the same again from the same seed', () => {
  const firstWords = Array.from({ length: 50 }, (_, part) => streamOf(7, part).word());
  expect(new Set(firstWords).size).toBe(50);
  expect(Array.from({ length: 50 }, (_, part) => streamOf(7, part).word())).toEqual(firstWords);
  expect(streamOf(8, 0).word()).not.toBe(firstWords[0]);
});
