import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SIZES, test, THEMES, type App } from './page.ts';

const dialog = (page: Page) => page.getByTestId('microscope');
const words = (page: Page) => page.getByTestId('scope-words');
const button = (page: Page, name: string) =>
  dialog(page).getByRole('button', { name, exact: true });

/** Pins a used slot, by walking from the first one, and asks for its search; all by keyboard. */
async function opened({ page }: App) {
  await page.getByTestId('heatmap').focus();
  await page.keyboard.press('ArrowRight');
  for (let row = 0; row < 32; row++) {
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => window.bouncescope?.pinned !== null)).toBe(true);
    const story = await page.evaluate(() => window.bouncescope?.pinned ?? null);
    if (story?.mapping) {
      await page.getByRole('button', { name: 'Show the search' }).focus();
      await page.keyboard.press('Enter');
      await expect(words(page)).toBeVisible({ timeout: 30_000 });
      return { story, mapping: story.mapping };
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error('no used slot in the first rows');
}

/** Opens the search as text, if it is not open. */
const openText = (page: Page) =>
  dialog(page)
    .locator('.scope-text')
    .evaluate((details) => details.setAttribute('open', ''));

const ordinalEnd = /(st|nd|rd|th) try\.$/;

test('by keyboard: the search of a mapping ends where the mapping lies, and is stepped through', async ({
  app,
  page,
}) => {
  await app.open({ reducedMotion: true });
  const { mapping } = await opened(app);
  const head = dialog(page).getByRole('heading', { level: 2 });
  await expect(head).toContainText(`CPU ${mapping.cpu} looks for`);
  await expect(head).toHaveText(ordinalEnd);
  await expect(words(page)).toContainText(`slot ${mapping.first.toLocaleString('en-US')}`);
  await expect(words(page)).toContainText('it fits');
  await expect(dialog(page)).toContainText(`${mapping.probes.toLocaleString('en-US')} slot`);
  await expect(dialog(page).getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Home');
  await expect(words(page)).toContainText(/^Tr(y|ies) 1\b/);
  const first = await words(page).innerText();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect(words(page)).toHaveText(first);
  await expect(page.getByTestId('scope-said')).toHaveText(first);
  await page.keyboard.press('End');
  await expect(words(page)).toContainText('it fits');
  // The page beneath has not moved, and has its keys back afterwards.
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
});

test('a failure from the kernel log: every area, why, and the longest run', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ failedMaps }) => failedMaps > 0);
  await app.pause();
  await page.getByRole('button', { name: /log/i }).first().click();
  await page
    .getByRole('button', { name: /^Show the search that failed at/ })
    .last()
    .click();
  await expect(words(page)).toBeVisible({ timeout: 30_000 });
  await expect(dialog(page).getByRole('heading', { level: 2 })).toContainText('finds none in');
  const rail = dialog(page).getByRole('complementary', { name: 'About this search' });
  await expect(rail).toContainText(/in vain, longest \d+|free < \d+: left/);
  await expect(rail).toContainText(/Slots enough are free|No area has that many/);
  await dialog(page)
    .getByRole('button', { name: /^area \d/ })
    .first()
    .click();
  await expect(words(page)).not.toBeEmpty();
});

test('from a selected stretch of the timeline to the first search that failed in it', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ failedMaps }) => failedMaps > 0);
  await app.pause();
  await page.getByRole('slider', { name: /^Moment on the timeline/ }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.getByRole('button', { name: 'Show the first search that failed' }).click();
  await expect(words(page)).toBeVisible({ timeout: 30_000 });
  await expect(dialog(page).getByRole('heading', { level: 2 })).toContainText('finds none in');
});

test('as text it is an ordered list, an area after the other, a look after the other', async ({
  app,
  page,
}) => {
  await app.open({ reducedMotion: true });
  const { mapping } = await opened(app);
  await openText(page);
  const list = dialog(page).locator('.scope-text > ol');
  await expect(list.locator(':scope > li')).toHaveCount(mapping.areas);
  await expect(list.locator('ol > li').last()).toContainText('it fits.');
});

test('it is saved as an SVG that stands for itself', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  await opened(app);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Save as SVG').click(),
  ]);
  expect(download.suggestedFilename()).toBe('search.svg');
  const text = await readFile(await download.path(), 'utf8');
  const shape = await page.evaluate((svg) => {
    const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    return { name: root.nodeName, paths: root.querySelectorAll('path').length };
  }, text);
  expect(shape.name).toBe('svg');
  expect(shape.paths).toBeGreaterThan(5);
  expect(text).not.toMatch(/style=|var\(|NaN|undefined|class=/);
  expect(text).toContain('<title>CPU ');
});

test('it plays, and pauses by Space', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ failedMaps }) => failedMaps > 0);
  await app.pause();
  await page.getByRole('button', { name: /log/i }).first().click();
  await page
    .getByRole('button', { name: /^Show the search that failed/ })
    .last()
    .click();
  await expect(words(page)).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Home');
  const first = await words(page).innerText();
  await page.keyboard.press('Space');
  await expect(button(page, 'Pause')).toBeVisible();
  await expect(words(page)).not.toHaveText(first);
  await page.keyboard.press('Space');
  await expect(button(page, 'Play')).toBeVisible();
});

test('a slot’s life: who held it, and each holder’s own search', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  const { story } = await opened(app);
  await button(page, 'Repeat the run to see it').click();
  const holders = dialog(page).locator('.scope-holders > li');
  await expect(holders.first()).toBeVisible({ timeout: 30_000 });
  await expect(holders.first()).toContainText('so far');
  await expect(dialog(page)).toContainText(
    `The life of slot ${story.at.slot.toLocaleString('en-US')}`,
  );
  await holders.last().getByRole('button').click();
  await expect(words(page)).toContainText('it fits', { timeout: 30_000 });
});

test('another request is explained as if it came now; what cannot be is said', async ({
  app,
  page,
}) => {
  await app.open({ reducedMotion: true });
  await opened(app);
  const before = await app.hash();
  const form = dialog(page).getByRole('form', { name: 'Another request' });
  await form.getByRole('textbox', { name: 'Bytes' }).fill('nonsense');
  await form.getByRole('button', { name: 'Explain it' }).click();
  await expect(form.getByRole('alert')).toContainText('Bytes is a number');
  await form.getByRole('textbox', { name: 'Bytes' }).fill('4096');
  await form.getByRole('button', { name: 'Explain it' }).click();
  await expect(dialog(page).getByRole('heading', { level: 2 })).toContainText('would look for');
  await form.getByRole('textbox', { name: 'Bytes' }).fill('262145');
  await form.getByRole('button', { name: 'Explain it' }).click();
  await expect(dialog(page)).toContainText('larger than a row of 128 slots');
  expect(await app.hash()).toBe(before);
});

for (const theme of THEMES) {
  test(`axe finds nothing in it, and nothing sticks out at 390 px: ${theme}`, async ({
    app,
    page,
  }) => {
    await app.open({ theme, size: 'phone', reducedMotion: true });
    await opened(app);
    await openText(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    const wide = await dialog(page).evaluate(({ scrollWidth }) => scrollWidth);
    expect(wide).toBeLessThanOrEqual(SIZES.phone.width);
  });
}
