import { expect, test, type App } from './page.ts';

const MODES = ['device', 'state', 'age', 'direction', 'free run', 'area', 'request'];

/** Sum of the legend's counts, subsets left out. */
async function legendSum({ page }: App): Promise<number> {
  const entries = await page.getByTestId(/^legend-(?!padding)/).all();
  const texts = await Promise.all(entries.map((entry) => entry.locator('b').innerText()));
  return texts.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
}

test('each colour mode paints another picture, and its legend counts every slot', async ({
  app,
  page,
}) => {
  await app.open();
  await app.stateWhen(({ used }) => used > 5000);
  await page.keyboard.press('k');
  const { slots } = await app.stateWhen(({ runState }) => runState === 'paused');
  const pictures = new Set<string>();
  for (const [index, mode] of MODES.entries()) {
    await page.getByRole('button', { name: mode, exact: true }).click();
    await expect.poll(async () => (await legendSum(app)) || -1).toBe(slots);
    await page.waitForTimeout(120);
    pictures.add(
      await page
        .getByTestId('heatmap')
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL()),
    );
    expect(pictures.size).toBe(index + 1);
  }
});

test('keys 1 to 7 choose the mode', async ({ app, page }) => {
  await app.open();
  for (const [index, mode] of MODES.entries()) {
    await page.keyboard.press(String(index + 1));
    await expect(page.getByRole('button', { name: mode, exact: true })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  }
});

test('a legend entry dims its slots and comes back; Alt and click leaves it alone', async ({
  app,
  page,
}) => {
  await app.open();
  await app.stateWhen(({ used }) => used > 5000);
  await app.pause();
  const picture = () =>
    page.getByTestId('heatmap').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const full = await picture();
  const nvme0 = page.getByTestId('legend-device:0');
  await nvme0.click();
  await expect(nvme0).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(picture).not.toBe(full);
  await nvme0.click();
  await expect.poll(picture).toBe(full);
  await nvme0.click({ modifiers: ['Alt'] });
  await expect(nvme0).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('legend-device:1')).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByTestId('legend-free')).toHaveAttribute('aria-pressed', 'false');
  await nvme0.click({ modifiers: ['Alt'] });
  await expect(page.getByTestId('legend-device:1')).toHaveAttribute('aria-pressed', 'true');
});
