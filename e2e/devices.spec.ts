import { expect, test } from './page.ts';

test('a slider changes the running model', async ({ app, page }) => {
  await app.open();
  await page.getByRole('button', { name: 'nvme0: load' }).click();
  const depth = page.getByRole('slider', { name: 'nvme0 depth' });
  const limit = () => page.evaluate(() => window.bouncescope?.devices()['nvme0']?.depthLimit);
  expect(await limit()).toBe(240);
  await depth.fill('20');
  await expect.poll(limit).toBe(5);
  await expect
    .poll(() => page.evaluate(() => window.bouncescope?.devices()['nvme0']?.depth))
    .toBeLessThanOrEqual(5);
  await expect(page.getByTestId('lane-nvme0')).toContainText('/5');
});

test('a slider moves by keyboard, and the change outlives a restart', async ({ app, page }) => {
  await app.open();
  await page.getByRole('button', { name: 'nvme0: load' }).click();
  const rate = page.getByRole('slider', { name: 'nvme0 asks for' });
  const before = await rate.inputValue();
  await rate.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const after = await rate.inputValue();
  expect(Number(after)).toBe(Number(before) + 2);
  await page.getByRole('button', { name: 'Restart' }).click();
  await app.stateWhen(({ timeNs }) => timeNs < 60e6);
  await expect(rate).toHaveValue(after);
});

test('with its load turned up the small pool fails more', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  const failures = () =>
    page.evaluate(() => window.bouncescope?.devices()['nvme0']?.failedMaps ?? 0);
  await expect.poll(failures).toBeGreaterThan(0);
  await expect(page.getByTestId('lane-nvme0').locator('.fault')).toContainText('failed');
});

test('lanes, legend and gauge add up to the same total', async ({ app, page }) => {
  await app.open();
  await page.keyboard.press('k');
  await app.stateWhen(({ runState }) => runState === 'paused');
  const number = async (id: string) =>
    Number((await page.getByTestId(id).locator('b').first().innerText()).replaceAll(',', ''));
  const { slots, used } = await app.state();
  await expect(page.getByTestId('used')).toHaveText(used.toLocaleString('en-US'));
  const held = [0, 1, 2, 3].map((device) => number(`legend-device:${device}`));
  const sum = (await Promise.all(held)).reduce((all, one) => all + one, 0);
  expect(sum).toBe(used);
  expect(sum + (await number('legend-free'))).toBe(slots);
  const lane = page.getByTestId('lane-nvme0').getByTestId('slots');
  await expect(lane).toHaveText((await number('legend-device:0')).toLocaleString('en-US'));
});
