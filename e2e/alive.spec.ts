import { expect, test } from './page.ts';

test('opens on the confidential VM, running, within three seconds and without a click', async ({
  app,
  page,
}) => {
  const before = Date.now();
  await app.open();
  const first = await app.state();
  const later = await app.stateWhen(({ timeNs, maps }) => timeNs > first.timeNs && maps > 0);
  expect(Date.now() - before).toBeLessThan(3000);
  expect(later.runState).toBe('playing');
  expect(await page.evaluate(() => window.bouncescope?.scenario)).toBe('confidential-vm');
  await expect(page.locator('.narrator')).toHaveText(
    'Devices cannot read this machine’s encrypted memory: every buffer is first copied into this shared one, or back.',
  );
});

test('fills the memory before the eyes of a first visitor, with notes that go with a click', async ({
  app,
  page,
}) => {
  await app.open();
  await expect(page.locator('.note').first()).toBeVisible();
  await expect(page.locator('.note').first()).toContainText('One row is one segment');
  await page.getByRole('heading', { name: 'Devices' }).click();
  await expect(page.locator('.note')).toHaveCount(0);
});

test('under reduced motion it opens paused at a filled moment', async ({ app }) => {
  await app.open({ reducedMotion: true });
  const first = await app.state();
  expect(first.runState).toBe('paused');
  expect(first.used).toBeGreaterThan(first.nslabs / 10);
  await app.page.waitForTimeout(400);
  expect((await app.state()).event).toBe(first.event);
});

test('the canvas is not blank', async ({ app, page }) => {
  await app.open();
  await app.stateWhen(({ used }) => used > 5000);
  const colours = await page.getByTestId('heatmap').evaluate((canvas) => {
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    const { width, height } = canvas as HTMLCanvasElement;
    const data = context?.getImageData(0, 0, width, height).data;
    return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer(0))).size;
  });
  expect(colours).toBeGreaterThan(6);
});

test('the page goes on where no scenario of that name exists', async ({ app, page }) => {
  await app.open({ scenario: 'no-such' });
  await expect(page.getByTestId('notice')).toHaveText('There is no scenario “no-such”.');
  expect(await page.evaluate(() => window.bouncescope?.scenario)).toBe('confidential-vm');
  await page.getByTestId('notice').getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByTestId('notice')).toHaveCount(0);
});
