import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './page.ts';

const CONFINED = 'restricted-pool';
const DRY = 'atomic-pool-runs-dry';

async function type(page: Page, line: string): Promise<void> {
  const input = page.getByRole('textbox', { name: /shell|command/i }).last();
  await input.fill(line);
  await input.press('Enter');
}

test('a confined device fills its region and fails; the default pool beside it stays empty', async ({
  app,
  page,
}) => {
  await app.open({ scenario: CONFINED });
  const state = await app.stateWhen(({ failedMaps }) => failedMaps > 20, 20_000);
  const [standard, own] = state.pools;
  expect(state.pools.map(({ kind }) => kind)).toEqual(['default', 'restricted']);
  expect(standard?.used).toBe(0);
  expect(own?.nslabs).toBe(512);
  expect(state.hiwater).toBeGreaterThan(480);
  await expect(page.locator('.narrator')).toContainText(
    'sda may use its own region only, and that is too small for it',
    { timeout: 20_000 },
  );
  await page.getByRole('button', { name: /log/ }).click();
  const log = page.getByRole('list', { name: 'Kernel log' });
  await expect(log).toContainText(/total 512 \(slots\), used \d+ \(slots\)/);
  await expect(log).toContainText('created restricted DMA pool at 0x');
});

test('the region has a directory of its own, read and reset from the shell', async ({
  app,
  page,
}) => {
  await app.open({ scenario: CONFINED, reducedMotion: true });
  await expect(page.getByTestId('usb_dma/io_tlb_nslabs')).toHaveText('512');
  await expect(page.getByTestId('io_tlb_nslabs')).toHaveText('2048');
  await expect(page.getByTestId('io_tlb_used_hiwater')).toHaveText('0');
  await expect(page.getByTestId('usb_dma/io_tlb_used_hiwater')).not.toHaveText('0');
  await type(page, 'echo 0 > usb_dma/io_tlb_used_hiwater');
  await expect(page.getByTestId('usb_dma/io_tlb_used_hiwater')).toHaveText('0');
  await type(page, 'cat usb_dma/io_tlb_nslabs');
  await expect(page.locator('.shell')).toContainText('512');
});

test('the table names the areas of both pools', async ({ app, page }) => {
  await app.open({ scenario: CONFINED, reducedMotion: true });
  await page.getByRole('button', { name: 'table' }).click();
  await expect(page.getByTestId('pools-table')).toContainText('usb_dma 0');
});

test('dry coherent pools fail maps with the kernel’s words, and a refill stands in the list', async ({
  app,
  page,
}) => {
  await app.open({ scenario: DRY });
  const state = await app.stateWhen(({ nslabs }) => nslabs === 3 * 2048, 20_000);
  expect(state.failedMaps).toBe(10);
  await page.keyboard.press('Space');
  const refill = page.getByTestId('attempt').filter({ hasText: 'refill' });
  await expect(refill).toHaveCount(1);
  await expect(refill).toContainText('384 KiB for the coherent pools');
  await expect(refill).toContainText('3 conversions (96 × 4 KiB)');
  await refill.locator('summary').click();
  await expect(refill).toContainText('Order 5 (128 KiB) for a coherent pool: taken from zone DMA');
  await page.getByRole('button', { name: 'Memory map', exact: true }).click();
  await expect(page.getByTestId('coherent-pool')).toHaveCount(3);
  await expect(page.getByTestId('coherent-pool').first()).toContainText('of 256 KiB given out');
  await page.getByRole('button', { name: /log/ }).click();
  await expect(page.getByRole('list', { name: 'Kernel log' })).toContainText(
    'Failed to get suitable pool for 0000:00:02.0',
  );
});

test('coherent_pool= is explained in the boot line, and with enough of it none runs dry', async ({
  app,
  page,
}) => {
  await app.open({ scenario: DRY, reducedMotion: true });
  const field = page.getByRole('textbox', { name: 'Kernel command line' });
  await field.fill('swiotlb=2048 coherent_pool=1M');
  await expect(page.getByText('for each coherent pool, out of which')).toContainText('1 MiB');
  await field.press('Enter');
  await page.locator('body').click({ position: { x: 2, y: 500 } });
  await page.keyboard.press('Space');
  const state = await app.stateWhen(({ nslabs }) => nslabs === 3 * 2048, 20_000);
  expect(state.failedMaps).toBe(0);
});

for (const theme of ['dark', 'light', 'projector'] as const) {
  test(`a restricted pool and its files have no fault for axe in ${theme}`, async ({
    app,
    page,
  }) => {
    await app.open({ scenario: CONFINED, theme, reducedMotion: true });
    await expect(page.getByTestId('usb_dma/io_tlb_nslabs')).toHaveText('512');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
}
