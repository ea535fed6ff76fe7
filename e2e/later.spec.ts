/** Parts that are loaded after the first picture: early, out of sight, and missed in plain words. */
import type { Page, Route } from '@playwright/test';
import { expect, test, type App } from './page.ts';

/** What the page and its worker load later, by the names of the files. */
const LATER = [
  'late-parts',
  'interpreter',
  'scenarios',
  'late-machine',
  'memory-desk',
  'open-recording',
];

/** Counts what has been loaded, from now on. */
function whatIsLoaded({ page }: App): () => string[] {
  const seen = new Set<string>();
  page.on('requestfinished', (request) => {
    const name = /later-(.+)-.{8}\.js$/.exec(request.url())?.[1];
    if (name !== undefined) seen.add(name);
  });
  return () => LATER.filter((name) => seen.has(name));
}

/** Which of the heads it is. */
async function headRow(page: Page, text: string): Promise<number> {
  const heads = await page.locator('h2').allTextContents();
  return heads.findIndex((head) => head.startsWith(text));
}

/** Picks a scenario by its title. */
async function pick({ page }: App, title: string): Promise<void> {
  await page.locator('.picker-button').click();
  await page.locator('#picker').getByRole('button', { name: title }).click();
}

test('once everything has been fetched the page does without its server', async ({
  app,
  page,
  context,
}) => {
  const loaded = whatIsLoaded(app);
  await app.open();
  await expect.poll(loaded).toEqual(LATER);
  const fonts = () =>
    page.evaluate(() => [...new Set([...document.fonts].map(({ status }) => status))]);
  await expect.poll(fonts).toEqual(['loaded']);
  await context.setOffline(true);
  await pick(app, 'Burst before the worker');
  await expect
    .poll(() => page.evaluate(() => window.bouncescope?.scenario))
    .toBe('burst-before-the-worker');
  await app.stateWhen(({ pools }) => pools.length > 1);
  await page.getByRole('button', { name: 'memory map', exact: true }).click();
  await expect(page.getByTestId('memory-map')).toBeVisible();
  await pick(app, 'Thundering herd');
  await expect(page.getByTestId('handle-high')).toBeVisible();
  await page.getByLabel('Shell command').fill('pwd');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('shell-output')).toContainText('/sys/kernel/debug/swiotlb');
  expect(app.faults).toEqual([]);
});

test('where nothing more can be fetched the first picture stands, and what is missing says so', async ({
  app,
  page,
}) => {
  await page.route('**/later-*.js', (route) => route.abort());
  await app.open();
  await app.stateWhen(({ maps }) => maps > 0);
  const line = page.getByLabel('Shell command');
  await line.fill('pwd');
  await line.press('Enter');
  await expect(page.getByTestId('shell-output')).toContainText('could not be loaded');
  await page.locator('.picker-button').click();
  await expect(page.getByTestId('notice')).toContainText(
    'The other scenarios could not be loaded. Reload to try again.',
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByText('This part of the page could not be loaded.')).toHaveCount(1);
  app.forgiveFaults();
});

test('a machine whose page allocator cannot be fetched is refused, and the run goes on', async ({
  app,
  page,
}) => {
  await page.route('**/later-late-machine-*.js', (route) => route.abort());
  await app.open();
  const before = await app.state();
  await pick(app, 'Burst before the worker');
  await expect(page.getByTestId('notice')).toContainText(
    'this machine needs the page allocator, a part of this page that could not be loaded',
  );
  await expect(page.locator('.picker-title')).toHaveText('Confidential VM');
  await app.stateWhen(({ event }) => event > before.event);
  app.forgiveFaults();
});

test('parts that arrive late move nothing and take no focus', async ({ app, page }) => {
  const held: Route[] = [];
  await page.route('**/later-late-parts-*.js', (route) => void held.push(route));
  await app.open({ scenario: 'thundering-herd' });
  await app.pause();
  const line = page.getByLabel('Shell command');
  await line.fill('pw');
  const heads = page.locator('h2');
  const places = () =>
    heads.evaluateAll((all) => all.map((head) => head.getBoundingClientRect().y));
  const before = await places();
  await held[0]?.continue();
  await expect(page.getByTestId('handle-high')).toBeVisible();
  const after = await places();
  expect(after.length).toBe(before.length);
  for (const [row, y] of after.entries()) {
    // The table's height is known to a line or two before it is there; all else exactly.
    const isBelowTable = row > (await headRow(page, 'With and without'));
    expect(Math.abs(y - (before[row] ?? NaN))).toBeLessThanOrEqual(isBelowTable ? 40 : 0);
  }
  await expect(line).toBeFocused();
  await expect(line).toHaveValue('pw');
});
