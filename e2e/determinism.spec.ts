import { createSimulation } from '../src/engine/create-simulation.ts';
import { stateHash } from '../src/engine/state-hash.ts';
import { confidentialVm } from '../src/scenarios/confidential-vm.ts';
import { expect, test } from './page.ts';

/** What Node makes of the scenario after so many events, at that moment. */
function hashInNode(event: number, timeNs: number): string {
  const simulation = createSimulation(confidentialVm);
  simulation.runUntil(Infinity, event);
  simulation.runUntil(timeNs, 0);
  return `${stateHash(simulation)}-${simulation.streamHash}`;
}

test('the browser runs the same events as Node, down to the last slot', async ({ app, page }) => {
  await app.open({ scenario: confidentialVm.id, reducedMotion: true });
  const opened = await app.state();
  expect(opened.event).toBeGreaterThan(50_000);
  expect(await app.hash()).toBe(hashInNode(opened.event, opened.timeNs));

  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await app.stateWhen(({ timeNs }) => timeNs > opened.timeNs + 3e6);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const stopped = await app.stateWhen(({ runState }) => runState === 'paused');
  expect(stopped.event).toBeGreaterThan(opened.event + 1000);
  expect(await app.hash()).toBe(hashInNode(stopped.event, stopped.timeNs));
});
