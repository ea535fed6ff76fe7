import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, type Size } from './page.ts';

/** Buffers with pages of their own: the 2023 RFC, what it costs and where it stops. */

const PI = 'raspberry-pi-and-the-4k-screen';
const STUCK = 'per-mapping-without-noio';

const own = (page: Page) => page.getByTestId('own');

test('a display whose pieces fit into no pool: refused beside pages of its own', async ({
  app,
  page,
}) => {
  await app.open({ scenario: PI });
  const state = await app.stateWhen(({ failedMaps }) => failedMaps > 4, 30_000);
  expect(state.hiwater).toBeLessThanOrEqual(16);
  await expect(page.locator('.narrator')).toContainText('vc4 is refused every time', {
    timeout: 20_000,
  });
  await expect(own(page)).toHaveCount(0);
  const row = page.getByTestId('compare').getByRole('row', { name: /failed maps/ });
  await expect(row.getByRole('cell').last()).toContainText(/^\D*0$/);
  await page.getByRole('button', { name: /Kernel log/ }).click();
  await expect(page.getByRole('list', { name: 'Kernel log' })).toContainText(
    /vc4-drm gpu: swiotlb buffer is full \(sz: 524288 bytes\), total 32768 \(slots\), used \d+ \(slots\)/,
  );
});

test('without NOIO the page says who waits for whom, and nothing gets done any more', async ({
  app,
  page,
}) => {
  await app.open({ scenario: STUCK });
  await expect(own(page).getByRole('listitem')).toContainText('vda');
  const stuck = page.getByTestId('own-stuck');
  await expect(stuck).toContainText(
    /^Deadlock since 7\d\.\d+ ms: 8 tasks sleep in the page allocator until a write to vda ends/,
    { timeout: 30_000 },
  );
  await expect(stuck).toContainText('Nobody is left to wake them.');
  await expect(page.locator('.narrator')).toContainText('vda stands still', { timeout: 20_000 });
  const { maps, timeNs } = await app.stateWhen(() => true);
  const later = await app.stateWhen((state) => state.timeNs > timeNs + 5e6, 30_000);
  expect(later.maps).toBe(maps);
  // Beside it, with NOIO, the same load goes on.
  const row = page.getByTestId('compare').getByRole('row', { name: /in use, most/ });
  await expect(row.getByRole('cell').last()).toContainText(/[1-9]/);
});

for (const size of ['desk', 'phone'] satisfies Size[]) {
  test(`nothing of it breaks a rule of accessibility or runs over, ${size}`, async ({
    app,
    page,
  }) => {
    await app.open({ scenario: STUCK, size });
    await expect(own(page)).toBeVisible();
    await app.pause();
    const { violations } = await new AxeBuilder({ page }).include('[data-testid=own]').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  });
}
