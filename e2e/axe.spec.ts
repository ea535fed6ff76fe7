import { AxeBuilder } from '@axe-core/playwright';
import { expect, SIZES, test, THEMES, type Size } from './page.ts';

for (const theme of THEMES) {
  for (const size of Object.keys(SIZES) as Size[]) {
    test(`axe finds nothing: ${theme}, ${size}`, async ({ app, page }) => {
      await app.open({ theme, size, reducedMotion: true });
      await page.evaluate(() => document.fonts.ready.then(() => null));
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });
  }
}

test('axe finds nothing in what opens: help, log, table, picker, load, a pinned slot', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  const check = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  };
  await page.getByRole('button', { name: 'nvme0: load' }).click();
  await page.getByText(/^Costs assumed/).click();
  await page.getByRole('textbox', { name: 'Kernel command line' }).fill('swiotlb=1g x');
  await page.getByRole('button', { name: /log/ }).click();
  await page.getByTestId('heatmap').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await check();
  await page.getByRole('button', { name: 'table' }).click();
  await page.getByRole('button', { name: /What runs/ }).click();
  await check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await check();
});
