import { expect, test } from 'vitest';

import { seen } from '../testing/seen.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { ChunkStore } from './chunk-store.ts';
import { createSimulation } from './create-simulation.ts';
import { GROWTH_MODES, scenarioIn } from './growth-mode.ts';
import { dropKeyframe, loadKeyframe, saveKeyframe } from './keyframe.ts';
import type { Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';

/**
 * Saves here, plays on, comes back, and then plays on beside a run that was never disturbed.
 *
 * @returns where the two differ.
 */
function differences(scenario: Scenario, at: number, on: number): string[] {
  const found: string[] = [];
  const expectSame = (one: Simulation, other: Simulation) => {
    if (seen(one) !== seen(other)) found.push(`at ${other.event}`);
  };
  const run = createSimulation(scenario);
  const plain = createSimulation(scenario);
  const store = new ChunkStore();
  for (const event of [at, at + on]) {
    run.runToEvent(event, Infinity, null);
    plain.runToEvent(event, Infinity, null);
    const keyframe = saveKeyframe(run, store);
    expectSame(run, plain);
    run.runToEvent(event + on * 2, Infinity, null);
    loadKeyframe(run, keyframe, store);
    expectSame(run, plain);
    // What was left out of a keyframe shows later.
    run.runToEvent(event + on, Infinity, null);
    plain.runToEvent(event + on, Infinity, null);
    expectSame(run, plain);
    loadKeyframe(run, keyframe, store);
    dropKeyframe(keyframe, store);
  }
  if (store.bytes !== 0) found.push(`${store.bytes} bytes are left`);
  return found;
}

for (const scenario of SCENARIOS) {
  test(`${scenario.id}: a state that is brought back is the state that was left`, () => {
    expect(differences(scenario, 4001, 6000)).toEqual([]);
  });
}

const [first] = SCENARIOS.filter(({ id }) => id === 'starts-at-1-mib');
for (const mode of GROWTH_MODES) {
  test(`the same in mode ${mode}`, () => {
    if (first === undefined) throw new RangeError('the scenario is gone');
    expect(differences(scenarioIn(first, mode), 3001, 7000)).toEqual([]);
  });
}
