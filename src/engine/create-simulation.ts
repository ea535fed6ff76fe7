/**
 * A simulation with everything it may need at hand. The worker does without this: it loads the page
 * allocator's side of the engine when a machine needs it, and hands it to `Simulation` itself.
 */
import { guestPages } from './guest-memory.ts';
import type { Scenario } from './scenario.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';

/**
 * Boots a scenario's machine and sets its devices going, at virtual time 0.
 *
 * @throws RangeError when the scenario is not one that `checkScenario` lets pass.
 */
export function createSimulation(scenario: Scenario, options: SimulationOptions = {}): Simulation {
  return new Simulation(scenario, { makePages: guestPages, ...options });
}
