/** Memory that a driver allocates: told from buffers wherever slots are told, and counted. */
import { AxeBuilder } from '@axe-core/playwright';
import { createSimulation } from '../src/engine/create-simulation.ts';
import { scenarioIn } from '../src/engine/growth-mode.ts';
import { reportOf } from '../src/engine/run-report.ts';
import { gpuInAConfidentialVm } from '../src/scenarios/growing/gpu-in-a-confidential-vm.ts';
import { expect, test } from './page.ts';

const GROUPED = new Intl.NumberFormat('en-GB');
const ID = gpuInAConfidentialVm.id;

test('the picker has it, and it opens on a pool that is nearly used up', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  await page.getByRole('button', { name: /What runs/ }).click();
  await page
    .locator('#picker')
    .getByRole('button', { name: /^GPU in a confidential VM/ })
    .click();
  await expect.poll(() => page.evaluate(() => window.bouncescope?.scenario)).toBe(ID);
  const state = await app.stateWhen(({ nslabs, used }) => nslabs > 500_000 && used > 500_000);
  expect(state.devices[2]?.allocatedBytes).toBeGreaterThan(900 * 2 ** 20);
  await expect(page.getByTestId('lane-gpu0')).toContainText('dma_alloc');
  await expect(page.getByTestId('lane-gpu0').getByTestId('kept')).toContainText('MiB');
});

test('a slot of it says that it is allocated, to pointer and keyboard', async ({ app, page }) => {
  await app.open({ scenario: ID, reducedMotion: true });
  await page.getByTestId('heatmap').focus();
  // Slots of the default pool: the first rows of area 0 are the driver's.
  for (let row = 0; row < 24; row++) {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => window.bouncescope?.pinned !== null)).toBe(true);
    const pinned = await page.evaluate(() => window.bouncescope?.pinned ?? null);
    if (pinned?.mapping?.direction === 3) break;
  }
  const inspector = page.getByTestId('inspector');
  await expect(inspector.getByTestId('inspect-held-by')).toContainText('gpu0');
  await expect(inspector.getByTestId('inspect-held-by')).toContainText('allocated by dma_alloc');
  await expect(inspector.getByTestId('inspect-original')).toContainText('nothing is copied');
  await expect(inspector.getByTestId('field-orig_addr')).toHaveText('INVALID');
  await expect(page.getByTestId('tip')).toContainText('allocated by dma_alloc');
});

test('the direction colours have a class of their own for it', async ({ app, page }) => {
  await app.open({ scenario: ID, reducedMotion: true });
  await page.keyboard.press('4');
  const entry = page.getByRole('button', { name: /allocated \(dma_alloc\)/ });
  // How far a slow machine gets before its first picture differs; the two figures do not.
  const slots = (await app.state()).devices[2]?.slots ?? 0;
  expect(slots).toBeGreaterThan(100_000);
  await expect(entry).toContainText(GROUPED.format(slots));
});

test('beside it the fixed pool has refused more, to the number', async ({ app, page }) => {
  await app.open({ scenario: ID });
  await app.stateWhen(({ timeNs }) => timeNs > 185_000_000, 40_000);
  await app.pause();
  const { timeNs } = await app.stateWhen(({ comparison }) => comparison?.progress === 1, 40_000);
  const expected = (['dynamic-alloc', 'fixed-alloc'] as const).map((mode) => {
    const simulation = createSimulation(scenarioIn(gpuInAConfidentialVm, mode));
    simulation.runUntil(timeNs, Infinity);
    return reportOf(simulation).failedAllocs;
  });
  const head = page.getByRole('rowheader', { name: 'failed allocations', exact: true });
  const cells = page
    .getByTestId('compare')
    .getByRole('row')
    .filter({ has: head })
    .getByRole('cell');
  for (const [at, refused] of expected.entries()) {
    const text = (await cells.nth(at).innerText()).replaceAll(/▸|better:/g, '');
    expect(text.trim()).toBe(GROUPED.format(refused));
  }
  expect(expected[1]).toBeGreaterThan(expected[0] ?? Infinity);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
