import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SIZES, test, THEMES, type App } from './page.ts';

const BURST = 'burst-before-the-worker';
/** The whole study takes some twenty seconds of one core, and tests share two. */
const STUDY_MS = 150_000;

const dialog = (page: Page) => page.getByRole('dialog', { name: 'The published benchmark' });
const run = (page: Page) => dialog(page).getByRole('button', { name: 'Run it in the model' });
const cancel = (page: Page) => dialog(page).getByRole('button', { name: 'Cancel' });
const machine = (page: Page, title: string) => dialog(page).getByRole('region', { name: title });

async function opened(app: App, page: Page): Promise<void> {
  await app.open({ scenario: BURST });
  await page.getByRole('button', { name: 'The published benchmark …' }).click();
  await expect(dialog(page)).toBeVisible();
}

/** The five figures of a load, modelled or published. */
function figures(page: Page, title: string, table: RegExp, load: string): Promise<string[]> {
  const head = page.getByRole('rowheader', { name: load, exact: true });
  const rows = machine(page, title).getByRole('table', { name: table }).getByRole('row');
  return rows.filter({ has: head }).getByRole('cell').allInnerTexts();
}

test('the published figures stand there before anything has run, and say whose they are', async ({
  app,
  page,
}) => {
  await opened(app, page);
  await expect(dialog(page)).toContainText('Petr Tesarik');
  await expect(dialog(page)).toContainText('1 August 2023');
  expect(await figures(page, 'CoCo VM, encrypted, 32 CPUs', /^Published/, '24way')).toEqual([
    '3.19%',
    '6.19%',
    '+4.4%',
    '4.08%',
    '−5.9%',
  ]);
  expect(await figures(page, 'x86 VM, SATA disk', /^Modelled/, 'small')).toEqual(
    Array(5).fill('–'),
  );
  await expect(
    dialog(page).getByText('Judged by the numbers as soon as every run is over.'),
  ).toBeVisible();
});

test('by keyboard: it runs beside the page, disturbs nothing, and stops at once', async ({
  app,
  page,
}) => {
  await app.open({ scenario: BURST });
  const before = await app.state();
  await page.getByRole('button', { name: 'The published benchmark …' }).focus();
  await page.keyboard.press('Enter');
  await run(page).focus();
  await page.keyboard.press('Enter');
  const progress = dialog(page).getByRole('progressbar');
  await expect(progress).toBeVisible();
  await expect.poll(() => progress.getAttribute('value'), { timeout: STUDY_MS }).not.toBe('0');
  // The first load of the first machine with all three kernels, while the rest goes on.
  await expect
    .poll(() => figures(page, 'x86 VM, SATA disk', /^Modelled/, 'small'), { timeout: STUDY_MS })
    .not.toContain('–');
  const after = await app.state();
  expect(after.timeNs).toBeGreaterThan(before.timeNs);
  expect(after.event).toBeGreaterThan(before.event);
  await cancel(page).focus();
  await page.keyboard.press('Enter');
  await expect(progress).toHaveCount(0);
  await expect(dialog(page)).toContainText('Stopped. Rows that were finished stay.');
  await expect.poll(() => page.workers().length).toBe(1);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  // The page has its keys back.
  await app.pause();
});

test('closed while it runs, its worker goes with it', async ({ app, page }) => {
  await opened(app, page);
  await run(page).click();
  await expect.poll(() => page.workers().length).toBe(2);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.workers().length).toBe(1);
});

test('help leads there, and makes room for it', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'The published benchmark …' }).click();
  await expect(dialog(page)).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(1);
});

test('run whole: every figure is there, and each effect has its verdict and its numbers', async ({
  app,
  page,
}) => {
  test.setTimeout(2 * STUDY_MS);
  await opened(app, page);
  await run(page).click();
  await expect(dialog(page).getByText('All runs are done')).toBeVisible({ timeout: STUDY_MS });
  await expect(dialog(page).getByRole('cell', { name: '–', exact: true })).toHaveCount(0);
  const modelled = await figures(page, 'CoCo VM, encrypted, 32 CPUs', /^Modelled/, '24way');
  // With room enough both kernels do the same.
  expect(modelled[2]).toBe('0.00%');
  expect(modelled[0]).toBe(modelled[1]);
  const effects = dialog(page).getByTestId('study-effect');
  await expect(effects).toHaveCount(9);
  const first = effects.filter({ hasText: 'the first run pays' });
  await expect(first).toContainText(/shown|partly/);
  await expect(first).toContainText(/small −0\.\d+%/);
  await expect(effects.filter({ hasText: 'Nothing fails' })).toContainText('in all runs: 0.');
  const coco = machine(page, 'CoCo VM, encrypted, 32 CPUs');
  await coco.getByText('Modelled, run by run').click();
  const small = coco.getByRole('table', { name: 'small', exact: true });
  const pool = small.getByRole('row', { name: /pool after it/ }).getByRole('cell');
  await expect(pool).toHaveCount(5);
  await expect(pool.last()).toHaveText(/^[3-6]$/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  // Kept for whoever opens it again.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'The published benchmark …' }).click();
  await expect(effects).toHaveCount(9);
});

for (const theme of THEMES) {
  test(`axe finds nothing in it, and nothing sticks out at 390 px: ${theme}`, async ({
    app,
    page,
  }) => {
    await app.open({ theme, size: 'phone', reducedMotion: true });
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'The published benchmark …' }).click();
    await dialog(page).getByText('Assumed of this machine').first().click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    const box = await dialog(page).evaluate(({ scrollWidth, clientWidth }) => [
      scrollWidth,
      clientWidth,
    ]);
    expect(box[0]).toBe(box[1]);
    expect(box[0]).toBeLessThanOrEqual(SIZES.phone.width);
  });
}
