import { SCENARIOS } from '../src/scenarios/index.ts';
import { expect, test } from './page.ts';

/** What each scenario is there to show, asserted from the model's own counters. */

test('confidential VM: every device copies, nothing fails', async ({ app }) => {
  await app.open({ scenario: 'confidential-vm' });
  const state = await app.stateWhen(({ maps }) => maps > 3000);
  expect(state.directMaps).toBe(0);
  expect(state.failedMaps).toBe(0);
  expect(state.copiedBytes).toBeGreaterThan(0);
  expect(state.devices.every(({ bounced }) => bounced > 0)).toBe(true);
});

test('everyday 64-bit machine: nothing is copied', async ({ app, page }) => {
  await app.open({ scenario: 'everyday-64bit' });
  const state = await app.stateWhen(({ directMaps }) => directMaps > 1000);
  expect(state.maps).toBe(0);
  expect(state.used).toBe(0);
  await expect(page.locator('.narrator')).toContainText('Here every device can');
});

test('old card, new memory: only the 32-bit device copies, and only part of its buffers', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'old-card-new-memory' });
  await app.stateWhen(
    ({ devices: [card] }) => (card?.bounced ?? 0) > 50 && (card?.direct ?? 0) > 10,
  );
  const devices = await page.evaluate(() => window.bouncescope?.devices() ?? {});
  expect(devices['sda']?.bounced).toBeGreaterThan(0);
  expect(devices['nvme0']?.bounced).toBe(0);
  expect(devices['nvme0']?.direct).toBeGreaterThan(0);
});

test('too small: it fills, fails, and the kernel says so', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  const state = await app.stateWhen(({ failedMaps }) => failedMaps > 50);
  expect(state.hiwater).toBeGreaterThan(state.nslabs * 0.8);
  await page.getByRole('button', { name: /log/ }).click();
  await expect(page.getByRole('list', { name: 'Kernel log' })).toContainText(
    /swiotlb buffer is full \(sz: \d+ bytes\), total 2048 \(slots\), used \d+ \(slots\)/,
  );
  await expect(page.getByText(/more suppressed/)).toBeVisible();
});

test('one area, many CPUs: they spin; an area each: they do not', async ({ app }) => {
  await app.open({ scenario: 'one-area-many-cpus' });
  const shared = await app.stateWhen(({ locks }) => locks.taken > 5000);
  expect(shared.pools[0]?.nareas).toBe(1);
  expect(shared.locks.contended / shared.locks.taken).toBeGreaterThan(0.05);
  await app.open({ scenario: 'an-area-each' });
  const apart = await app.stateWhen(({ locks }) => locks.taken > 5000);
  expect(apart.pools[0]?.nareas).toBe(apart.cpus);
  expect(apart.locks.contended / apart.locks.taken).toBeLessThan(0.01);
});

test('fragmented: maps fail while much is free', async ({ app, page }) => {
  await app.open({ scenario: 'fragmented' });
  await app.stateWhen(({ recent, used, slots }) => recent.failures > 0 && used < slots * 0.8);
  const devices = await page.evaluate(() => window.bouncescope?.devices() ?? {});
  expect(devices['nvme0']?.failedMaps).toBeGreaterThan(0);
  expect(devices['nvme0']?.retried).toBeGreaterThan(0);
});

test('stuck: one request asks again for ever', async ({ app, page }) => {
  await app.open({ scenario: 'stuck' });
  const stuck = () => page.evaluate(() => window.bouncescope?.devices()['vda']);
  await page.getByRole('slider', { name: 'Speed' }).fill('3');
  await expect.poll(async () => (await stuck())?.failedMaps ?? 0).toBeGreaterThan(10);
  const before = await stuck();
  await expect
    .poll(async () => (await stuck())?.failedMaps ?? 0)
    .toBeGreaterThan((before?.failedMaps ?? 0) + 5);
  expect((await stuck())?.done).toBe(before?.done);
  await expect(page.locator('.narrator')).toContainText(
    'vda needs the whole row, but its own header',
  );
});

test('the picker names every scenario with what to watch, and opens it', async ({ app, page }) => {
  await app.open();
  await page.getByRole('button', { name: /What runs/ }).click();
  const picker = page.locator('#picker');
  await expect(picker.getByRole('listitem')).toHaveCount(SCENARIOS.length + 9 + 1);
  await picker.getByRole('button', { name: /^Fragmented/ }).click();
  await expect.poll(() => page.evaluate(() => window.bouncescope?.scenario)).toBe('fragmented');
  await expect(picker).toBeHidden();
  await expect(page.getByTestId('watch')).toContainText('Watch');
});
