/** Whether a run that was left and brought back goes on as one that was never disturbed. */
import { ChunkStore } from '../engine/chunk-store.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { dropKeyframe, loadKeyframe, saveKeyframe } from '../engine/keyframe.ts';
import type { Scenario } from '../engine/scenario.ts';
import { seen } from './seen.ts';

/**
 * Saves at event `at`, plays on, comes back, and plays `on` events beside an undisturbed run; then
 * the same once more from there.
 *
 * @returns where the two differ, in words; what is missing in a keyframe mostly shows late.
 */
export function differencesAfterReturn(scenario: Scenario, at: number, on: number): string[] {
  const found: string[] = [];
  const run = createSimulation(scenario);
  const plain = createSimulation(scenario);
  const store = new ChunkStore();
  const compare = () => {
    if (seen(run) !== seen(plain)) found.push(`at ${plain.event}`);
  };
  for (const event of [at, at + on]) {
    run.runToEvent(event, Infinity, null);
    plain.runToEvent(event, Infinity, null);
    const keyframe = saveKeyframe(run, store);
    compare();
    run.runToEvent(event + on * 2, Infinity, null);
    loadKeyframe(run, keyframe, store);
    compare();
    run.runToEvent(event + on, Infinity, null);
    plain.runToEvent(event + on, Infinity, null);
    compare();
    loadKeyframe(run, keyframe, store);
    dropKeyframe(keyframe, store);
  }
  if (store.bytes !== 0) found.push(`${store.bytes} bytes are left`);
  return found;
}
