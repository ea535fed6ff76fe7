import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, THEMES } from './page.ts';

const BURST = 'burst-before-the-worker';
const MONTH = 'a-month-of-uptime';

const map = (page: Page) => page.getByTestId('memory-map');
/** Counts by order at the end of a line. */
const cells = (line: string) => line.trim().split(/\s+/).slice(-11).map(Number);
const outcome = (page: Page) => page.getByTestId('what-if-outcome');

async function openMap(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'memory map', exact: true }).click();
  await expect(map(page)).toBeVisible();
}

test('the dial changes what the same growth would come to, and the map shows why', async ({
  app,
  page,
}) => {
  await app.open({ scenario: BURST, reducedMotion: true });
  await openMap(page);
  await page.getByRole('button', { name: /Would growth succeed/ }).press('Enter');
  await expect(outcome(page)).toHaveText('It would get 2,048 slots (4 MiB), at order 10.');
  const dial = page.getByRole('group', { name: /Fragmentation/ });
  await dial.getByRole('slider', { name: 'in use' }).fill('90');
  await dial.getByRole('slider', { name: 'uptime' }).fill('58');
  await page.getByRole('button', { name: 'Reboot, aged so' }).press('Enter');
  // Asked again by itself: who has asked once wants to see the difference.
  await expect(outcome(page)).toHaveText(/nothing|512 slots/, { timeout: 20_000 });
  await expect(page.getByRole('list', { name: 'The same growth before' })).toContainText(
    'as booted: 2,048 slots',
  );
  await expect(page.getByTestId('memory-largest')).not.toHaveText('order 10 (4 MiB)');
  await expect(page.getByTestId('memory-free')).toHaveText(/\d MiB$/);
});

test('asking changes nothing, and growing afterwards comes to what was answered', async ({
  app,
  page,
}) => {
  await app.open({ scenario: MONTH, reducedMotion: true });
  await openMap(page);
  const before = await app.hash();
  const free = await page.getByTestId('memory-free').textContent();
  await page.getByRole('button', { name: /Would growth succeed/ }).click();
  await expect(outcome(page)).toHaveText('It would get 1,024 slots (2 MiB), at order 9.');
  expect(await app.hash()).toBe(before);
  await expect(page.getByTestId('memory-free')).toHaveText(free ?? '');
  await page.getByTestId('memory-map').focus();
  await page.keyboard.press('k');
  await app.stateWhen(({ nslabs }) => nslabs >= 2048 + 1024, 20_000);
  const worker = page.getByTestId('attempt').filter({ hasText: 'worker' }).last();
  await expect(worker).toContainText('1,024 slots');
});

test('the map is walked by keyboard, read exactly, and opened to its pages', async ({
  app,
  page,
}) => {
  await app.open({ scenario: MONTH, reducedMotion: true });
  await openMap(page);
  await map(page).focus();
  const reading = page.getByTestId('memory-reading');
  await page.keyboard.press('Home');
  await expect(reading).toContainText('Pageblock 0 zone DMA');
  await page.keyboard.press('ArrowRight');
  await expect(reading).toContainText(/Pageblock 1, \w+ zone DMA · 0x000200000 to 0x000400000/);
  await expect(reading).toContainText(/pages free, the largest block of order|wholly used/);
  await page.keyboard.press('PageDown');
  await expect(reading).toContainText('Pageblock 8 zone DMA32');
  await expect(reading).toContainText('kernel image');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const pages = page.getByTestId('memory-pages');
  await expect(pages).toBeVisible();
  await pages.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('page-reading')).toContainText(/Page frame 0x0020[01]: /);
  await page.keyboard.press('Escape');
  await expect(pages).toHaveCount(0);
  await expect(page.getByTestId('memory-summary')).toContainText(/64 pageblocks of 2 MiB: /);
});

test('pointing at a cell reads it, and a grown pool is seen in the map', async ({ app, page }) => {
  await app.open({ scenario: BURST });
  await openMap(page);
  // Transient pools are gone with their requests.
  await app.stateWhen(
    ({ nslabs, transientNslabs }) => nslabs === 3 * 2048 && transientNslabs === 0,
    20_000,
  );
  await app.pause();
  await expect(page.getByTestId('memory-summary')).toContainText('Bounce pools hold 12 MiB.');
  const box = await map(page).boundingBox();
  await page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 40);
  await expect(page.getByTestId('memory-reading')).toContainText('Pageblock 1');
});

test('an encrypted guest shows its coherent pools, a CMA machine its region', async ({
  app,
  page,
}) => {
  await app.open({ scenario: BURST, reducedMotion: true });
  await page.getByRole('checkbox', { name: 'encrypted' }).check();
  await page.getByRole('button', { name: 'Reboot with this' }).click();
  await openMap(page);
  await expect(page.getByTestId('coherent-pool')).toHaveCount(3);
  await expect(page.getByTestId('coherent-pool').first()).toContainText(/given out/);
  await app.open({ scenario: 'cma-to-the-rescue', reducedMotion: true });
  await openMap(page);
  await expect(page.getByTestId('cma-region')).toContainText(/lent to movable pages/);
  await page.getByRole('button', { name: /Would growth succeed/ }).click();
  // No block of 1 MiB is free, and the region gives one of 2 MiB all the same.
  await expect(page.getByTestId('memory-largest')).toHaveText(/order [0-7] /);
  await expect(outcome(page)).toHaveText('It would get 1,024 slots (2 MiB), at order 9.');
  await expect(page.locator('.what-if-tries')).toContainText('from the CMA region');
});

test('the shell reads /proc/pagetypeinfo, with as many free blocks as /proc/buddyinfo', async ({
  app,
  page,
}) => {
  await app.open({ scenario: MONTH, reducedMotion: true });
  const input = page.getByRole('textbox', { name: /shell|command/i }).last();
  await input.fill('clear; cat /proc/pagetypeinfo; cat /proc/buddyinfo');
  await input.press('Enter');
  const shell = page.locator('.shell');
  await expect(shell).toContainText('Free pages count per migrate type at order');
  await expect(shell).toContainText(/Node 0, zone\s+DMA32\s+\d+/);
  const lines = (await shell.innerText()).split('\n');
  const byType = lines.filter((line) => /^Node\s+0, zone\s+DMA32, type/.test(line)).map(cells);
  const buddy = lines.findLast((line) => /^Node 0, zone\s+DMA32(\s+\d+){11}\s*$/.test(line)) ?? '';
  expect(byType).toHaveLength(6);
  const sums = cells(buddy).map((_, order) =>
    byType.reduce((sum, counts) => sum + (counts[order] ?? 0), 0),
  );
  expect(cells(buddy)).toEqual(sums);
  expect(Math.max(...sums)).toBeGreaterThan(0);
});

test('no part of the machine panel scrolls sideways on a phone', async ({ app, page }) => {
  await app.open({ scenario: MONTH, size: 'phone', reducedMotion: true });
  await page.getByText('/proc/buddyinfo').click();
  await openMap(page);
  await page.getByRole('button', { name: /Would growth succeed/ }).click();
  await expect(outcome(page)).toBeVisible();
  const widths = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    table: document.querySelector('.buddyinfo')?.scrollWidth ?? 0,
  }));
  expect(widths.page).toBe(390);
  expect(widths.table).toBeGreaterThan(0);
  expect(widths.table).toBeLessThanOrEqual(390);
});

for (const theme of THEMES) {
  test(`the map, asked and opened, has no fault for axe in ${theme}`, async ({ app, page }) => {
    await app.open({ scenario: MONTH, theme, reducedMotion: true });
    await openMap(page);
    await page.getByRole('button', { name: /Would growth succeed/ }).click();
    await expect(outcome(page)).toBeVisible();
    await map(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('memory-pages')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
}
