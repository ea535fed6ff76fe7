import { expect, SIZES, test, THEMES, type Size } from './page.ts';

/** Runs in the page: what is wider than the window, or sticks out of its rail. */
function overflowing(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const page = scrollWidth > clientWidth ? [`page by ${scrollWidth - clientWidth} px`] : [];
  const parts = [...document.querySelectorAll('.rail')].flatMap((rail) => {
    const { right } = rail.getBoundingClientRect();
    return [...rail.querySelectorAll('*:not(.hidden-text)')]
      .filter((element) => element.getBoundingClientRect().right > right + 0.5)
      .map((element) => `${element.tagName}.${element.className}`);
  });
  return [...page, ...parts];
}

for (const theme of THEMES) {
  for (const size of Object.keys(SIZES) as Size[]) {
    test(`nothing is cut off or runs over: ${theme}, ${size}`, async ({ app, page }) => {
      await app.open({ theme, size, reducedMotion: true });
      await page.evaluate(() => document.fonts.ready.then(() => null));
      // Polled: numbers and fonts may still be on their way into place.
      await expect.poll(() => page.evaluate(overflowing)).toEqual([]);
      await expect(page.getByTestId('heatmap')).toBeVisible();
    });
  }
}

test('the theme button goes round, and the choice is kept', async ({ app, page }) => {
  await app.open();
  const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
  const first = await theme();
  const seen = [first];
  for (let click = 0; click < 3; click++) {
    await page.getByRole('button', { name: /^Theme/ }).click();
    seen.push(await theme());
  }
  expect(new Set(seen)).toEqual(new Set(THEMES));
  expect(seen[3]).toBe(first);
  await page.getByRole('button', { name: /^Theme/ }).click();
  const chosen = await theme();
  await app.open();
  expect(await theme()).toBe(chosen);
});

test('between three columns and one, the left rail is a tab of the right one', async ({
  app,
  page,
}) => {
  await app.open();
  await page.setViewportSize({ width: 1000, height: 800 });
  await expect(page.getByRole('heading', { name: 'Throttle' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Machine' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Machine' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Devices' })).toBeVisible();
});

test('on a phone a first tap tells, a second one pins', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    viewport: SIZES.phone,
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(baseURL ?? '');
  await page.waitForFunction(() => (window.bouncescope?.frame() ?? null) !== null);
  const canvas = page.getByTestId('heatmap');
  await canvas.tap({ position: { x: 120, y: 80 } });
  await expect(page.getByTestId('tip')).toContainText(/slot [\d,]+/);
  await expect(page.getByTestId('inspector')).toContainText('Click a slot to pin it');
  await canvas.tap({ position: { x: 120, y: 80 } });
  await expect(page.getByTestId('inspector')).toContainText('pinned');
  await context.close();
});
