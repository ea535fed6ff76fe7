import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SIZES, test, type App } from './page.ts';
import { openBundled } from './recordings.ts';

const picker = (page: Page) => page.getByLabel('Runs beside this run');
const button = (page: Page) => page.getByRole('button', { name: 'Compare C' });
const table = (page: Page) => page.getByTestId('compare');

/** Waits until what runs beside stands where the run stands. */
async function together(app: App) {
  const state = await app.stateWhen(({ comparison }) => comparison?.progress === 1);
  if (state.comparison === null) throw new Error('nothing runs beside the run');
  return { ...state, comparison: state.comparison };
}

/** The two cells of a row, as they read. */
async function cells(page: Page, label: string): Promise<string[]> {
  const head = page.getByRole('rowheader', { name: label, exact: true });
  const row = table(page).getByRole('row').filter({ has: head });
  return row.getByRole('cell').allInnerTexts();
}

const us = (value: number) => value.toLocaleString('en-US');

/** How many pixels of the timeline have each colour. */
function inks(page: Page): Promise<Record<string, number>> {
  return page.locator('.timeline canvas').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    const { buffer } = context?.getImageData(0, 0, width, height).data ?? new Uint8Array();
    const counts: Record<string, number> = {};
    for (const pixel of new Uint32Array(buffer)) counts[pixel] = (counts[pixel] ?? 0) + 1;
    return counts;
  });
}

test('a policy beside a paused run: the table says what the two reports say', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'spike', reducedMotion: true });
  await picker(page).selectOption('wake-all');
  await app.stateWhen(({ comparison }) => comparison?.beside.policy === 'wake-all');
  const { comparison, timeNs } = await together(app);
  const { run, beside } = comparison;
  expect([run.policy, beside.policy]).toEqual(['rfc', 'wake-all']);
  expect([run.timeNs, beside.timeNs]).toEqual([timeNs, timeNs]);
  expect(Math.min(run.slept, beside.slept, run.done, beside.done)).toBeGreaterThan(0);
  const strip = async (label: string) =>
    (await cells(page, label)).map((text) => text.replaceAll(/▸|better:/g, '').trim());
  for (const [label, field] of [
    ['peak', 'peak'],
    ['failed maps', 'failedMaps'],
    ['throttled', 'throttled'],
    ['slept', 'slept'],
    ['waiting now', 'waiting'],
    ['requests', 'done'],
    ['wake-ups', 'wakeUps'],
  ] as const) {
    await expect.poll(() => strip(label), label).toEqual([us(run[field]), us(beside[field])]);
  }
  const caption = table(page).locator('caption');
  await expect(caption).toContainText('rfc beside wake all · both modelled');
  await expect(caption).toContainText('seed 20240822');
  const ms = (timeNs / 1e6).toFixed(3);
  await expect(page.getByTestId('compare-moment')).toHaveText(`both at ${ms} ms`);
});

test('the run itself goes its own way: the same hash with and without', async ({ app, page }) => {
  const hashes: string[] = [];
  for (const policy of ['nothing', 'wake-all']) {
    await app.open({ scenario: 'too-small', reducedMotion: true });
    await picker(page).selectOption(policy);
    if (policy !== 'nothing') await together(app);
    for (let step = 0; step < 5; step++) {
      const { event } = await app.state();
      await page.getByRole('button', { name: 'One event forward' }).click();
      await app.stateWhen((state) => state.event === event + 1);
    }
    hashes.push(await app.hash());
  }
  expect(hashes[1]).toBe(hashes[0]);
});

test('while time runs both go together, and the table and the ghost follow', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ failedMaps }) => failedMaps > 100);
  const { failedMaps } = await app.state();
  await page.keyboard.press('c');
  const first = await together(app);
  expect(first.comparison.beside.policy).toBe('rfc');
  const later = await app.stateWhen(({ timeNs }) => timeNs > first.timeNs + 5e6);
  expect(later.comparison?.beside.timeNs).toBeGreaterThan(first.comparison.beside.timeNs);
  expect(later.failedMaps).toBeGreaterThan(failedMaps);
  expect(later.comparison?.beside.failedMaps).toBeLessThan(later.failedMaps / 2);
  await page.keyboard.press('k');
  await app.stateWhen(({ runState }) => runState === 'paused');
  await together(app);
  const better = table(page).getByRole('row', { name: 'failed maps' }).locator('.better');
  await expect(better).toHaveCount(1);
  await expect(better).toContainText('▸');
});

test('the timeline draws what runs beside, and reads it under the pointer', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  const without = await inks(page);
  await picker(page).selectOption('wake-any');
  await together(app);
  await expect.poll(() => inks(page)).not.toEqual(without);
  await page
    .getByRole('slider', { name: /^Moment on the timeline/ })
    .hover({ position: { x: 400, y: 60 } });
  await expect(page.locator('.timeline figcaption')).toHaveText(/ · wake any [\d,]+/);
  await picker(page).selectOption('nothing');
  await page.mouse.move(0, 0);
  await app.stateWhen(({ comparison }) => comparison === null);
  await expect.poll(() => inks(page)).toEqual(without);
});

test('C by keyboard turns it on and off, its button says so, and Help lists it', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  await expect(button(page)).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('c');
  await expect(button(page)).toHaveAttribute('aria-pressed', 'true');
  await expect(picker(page)).toHaveValue('rfc');
  await expect(table(page)).toBeVisible();
  await page.keyboard.press('C');
  await expect(table(page)).toHaveCount(0);
  await button(page).focus();
  await page.keyboard.press('Enter');
  await expect(table(page)).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Help' })).toContainText('compare: the same');
});

test('a restart keeps it, another scenario does not', async ({ app, page }) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  await picker(page).selectOption('rfc-high-only');
  await together(app);
  await page.getByRole('button', { name: 'Restart' }).click();
  await app.stateWhen(({ timeNs, comparison }) => timeNs === 0 && comparison !== null);
  await expect(picker(page)).toHaveValue('rfc-high-only');
  await page.getByRole('button', { name: /What runs/ }).click();
  await page.getByRole('button', { name: /^Stuck/ }).click();
  await app.stateWhen(({ comparison }) => comparison === null);
  await expect(picker(page)).toHaveValue('nothing');
});

test('a scenario that wants a policy beside it has it from the start', async ({ app, page }) => {
  await app.open({ scenario: 'spike', reducedMotion: true });
  const { comparison } = await together(app);
  expect(comparison.run.failedMaps).toBe(0);
  expect(comparison.beside.failedMaps).toBeGreaterThan(0);
  await expect(picker(page)).toHaveValue('none');
});

test('a scenario that a kernel was recorded under has that beside it: both hang', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'batch-deadlock' });
  await page.getByRole('slider', { name: 'Speed' }).fill('3');
  const hangs = await app.stateWhen(
    ({ comparison }) => (comparison?.run.waiting ?? 0) > 0 && (comparison?.beside.waiting ?? 0) > 0,
    20_000,
  );
  expect(hangs.comparison?.beside.peak).toBe(768);
  await page.keyboard.press('k');
  await expect(table(page).locator('caption')).toContainText(
    'rfc modelled · thr-deadlock-4cpu recorded',
  );
  await expect(picker(page)).toHaveValue('as recorded');
  expect((await cells(page, 'I/O errors'))[1]).toBe('–');
  await expect(table(page).locator('.better')).toHaveCount(0);
  await picker(page).selectOption('none');
  await app.stateWhen(({ comparison }) => comparison?.beside.policy === 'none');
  await expect(table(page).locator('caption')).toContainText('both modelled');
});

test('in a recording it is refused in a sentence', async ({ app, page }) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  await openBundled(app, 'small512-1cpu');
  await app.stateWhen(({ totalDecisions }) => totalDecisions > 0);
  await expect(page.locator('body')).toContainText('only a scenario can run again');
  await expect(picker(page)).toHaveCount(0);
  await page.keyboard.press('c');
  await expect(page.getByTestId('notice')).toContainText(
    'A recording is what one kernel did once: it cannot be run again with something changed.',
  );
});

for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
  test(`axe finds nothing in the comparison, and nothing runs over: ${size}`, async ({
    app,
    page,
  }) => {
    const theme = size === 'projector' ? 'projector' : 'dark';
    await app.open({ scenario: 'spike', theme, size, reducedMotion: true });
    await together(app);
    await page.evaluate(() => document.fonts.ready.then(() => null));
    const over = await table(page).evaluate((element) => {
      const { right } = element.getBoundingClientRect();
      const inner = [...element.querySelectorAll('th, td, small, caption')];
      return (
        inner.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length +
        (right > innerWidth ? 1 : 0)
      );
    });
    expect(over).toBe(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
}
