import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './page.ts';

const BURST = 'burst-before-the-worker';
const MONTH = 'a-month-of-uptime';

const attempts = (page: Page) => page.getByRole('list', { name: 'Attempts to grow' });
const workers = (page: Page) => attempts(page).getByTestId('attempt').filter({ hasText: 'worker' });

/** How many pixels of the timeline's lane of growth are not ground. */
function lanePixels(page: Page): Promise<number> {
  return page.locator('.timeline canvas').evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d');
    const { data, width } = context?.getImageData(0, 20, canvas.width, 12) ?? {};
    if (!data || width === undefined) return -1;
    const ground = data.slice(0, 3).join();
    let painted = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data.slice(at, at + 3).join() !== ground) painted++;
    }
    return painted;
  });
}

test('attempts appear as marks on the timeline and in the list, newest first', async ({
  app,
  page,
}) => {
  await app.open({ scenario: BURST });
  const state = await app.stateWhen(({ nslabs }) => nslabs === 3 * 2048, 20_000);
  expect(state.failedMaps).toBe(0);
  await expect(workers(page)).toHaveCount(2);
  await expect(workers(page).first()).toContainText('2,048 slots · 4 MiB');
  const [newest, oldest] = [
    attempts(page).locator('time').first(),
    attempts(page).locator('time').last(),
  ];
  expect(Number.parseFloat((await newest.textContent()) ?? '')).toBeGreaterThan(
    Number.parseFloat((await oldest.textContent()) ?? ''),
  );
  await expect.poll(() => lanePixels(page)).toBeGreaterThan(80);
});

test('an attempt can be opened: free blocks before it, and why each try failed', async ({
  app,
  page,
}) => {
  await app.open({ scenario: MONTH });
  await app.stateWhen(({ nslabs }) => nslabs > 3000, 20_000);
  await page.keyboard.press('Space');
  const halved = workers(page).filter({ hasText: '1,024 slots' });
  await halved.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(halved).toContainText(
    'Order 10 (4 MiB) for the pool: refused; the largest free block had order 9.',
  );
  await expect(halved).toContainText('Order 9 (2 MiB) for the pool: taken from zone');
  await expect(halved.getByRole('table', { name: /Free blocks by order/ })).toBeVisible();
});

test('the dial changes the outcome of the same growth, by keyboard alone', async ({
  app,
  page,
}) => {
  await app.open({ scenario: BURST, reducedMotion: true });
  await expect(page.getByTestId('largest-free')).toHaveText('10 (4 MiB)');
  const dial = page.getByRole('group', { name: /Fragmentation/ });
  const inUse = dial.getByRole('slider', { name: 'in use' });
  await inUse.focus();
  await page.keyboard.press('End');
  for (let step = 98; step > 90; step--) await page.keyboard.press('ArrowLeft');
  await expect(inUse).toHaveAttribute('aria-valuetext', '90 %');
  await dial.getByRole('slider', { name: 'uptime' }).focus();
  for (let step = 0; step < 58; step++) await page.keyboard.press('ArrowRight');
  await expect(dial).toContainText('30 days');
  const reboot = page.getByRole('button', { name: 'Reboot with this' });
  await reboot.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('largest-free')).not.toHaveText('10 (4 MiB)');
  await page.locator('body').click({ position: { x: 2, y: 500 } });
  await page.keyboard.press('Space');
  await expect(workers(page).first()).toContainText('nothing', { timeout: 20_000 });
});

test('the shell and the machine panel read the same free blocks', async ({ app, page }) => {
  await app.open({ scenario: MONTH, reducedMotion: true });
  await page.getByText('/proc/buddyinfo').first().click();
  const rows = page.getByRole('table', { name: 'Free blocks by order' }).locator('tbody tr');
  await expect(rows).toHaveCount(11);
  const columns = await rows.evaluateAll((all) =>
    all.map((row) => Array.from(row.querySelectorAll('td'), (cell) => cell.textContent ?? '')),
  );
  const input = page.getByRole('textbox', { name: /shell|command/i }).last();
  await input.fill('cat /proc/buddyinfo');
  await input.press('Enter');
  for (const [zone, name] of ['DMA', 'DMA32'].entries()) {
    const counts = columns.map((cells) => (cells[zone] ?? '').replaceAll(',', '').padStart(6));
    const line = `Node 0, zone ${name.padStart(8)} ${counts.join(' ')}`;
    await expect(page.locator('.shell')).toContainText(line);
  }
});

test('a machine that cannot grow becomes one by its checkbox, and shows no growth before', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  await expect(page.getByRole('heading', { name: /^Growth/ })).toHaveCount(0);
  const box = page.getByRole('checkbox', { name: 'dynamic' });
  await box.focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Reboot with this' }).press('Enter');
  await expect(page.getByRole('heading', { name: /^Growth/ })).toBeVisible();
});

for (const theme of ['dark', 'light', 'projector'] as const) {
  test(`the panel, opened, and the dial have no fault for axe in ${theme}`, async ({
    app,
    page,
  }) => {
    await app.open({ scenario: MONTH, theme });
    await app.stateWhen(({ nslabs }) => nslabs > 4000, 20_000);
    await page.keyboard.press('Space');
    await attempts(page).locator('summary').first().click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
}
