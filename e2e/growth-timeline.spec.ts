import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, type App } from './page.ts';

const BURST = 'burst-before-the-worker';
const MONTH = 'a-month-of-uptime';

const glass = (page: Page) => page.getByRole('slider', { name: /^Moment on the timeline/ });
const reading = (page: Page) => page.locator('.timeline figcaption');
const selection = (page: Page) => page.getByTestId('span');
const spoken = (page: Page) => page.getByTestId('selection');

/** Where on the timeline the newest growth ends: the burst is over, the page stands. */
async function standing(app: App, scenario: string, nslabs: number) {
  await app.open({ scenario });
  await app.stateWhen((state) => state.nslabs >= nslabs, 20_000);
  await app.pause();
}

/** The place of a share of the plot, page px. */
async function placeAt(page: Page, share: number): Promise<{ x: number; y: number }> {
  const box = await glass(page).boundingBox();
  if (box === null) throw new Error('the timeline is not on the page');
  return { x: box.x + 54 + (box.width - 54 - 116) * share, y: box.y + box.height - 40 };
}

async function drag(page: Page, from: number, to: number) {
  const [start, end] = [await placeAt(page, from), await placeAt(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, start.y, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}

/** A count in words of the page: "4 attempts to grow". */
function countBefore(text: string, words: RegExp): number {
  const found = new RegExp(String.raw`([\d,]+) ${words.source}`).exec(text)?.[1];
  return Number((found ?? '0').replaceAll(',', ''));
}

test('dragging over the whole run says its figures, and they are those of the list', async ({
  app,
  page,
}) => {
  await standing(app, MONTH, 4000);
  await drag(page, -0.02, 0.999);
  await expect(selection(page)).toContainText('0.000 ms to');
  const text = (await selection(page).locator('span').allTextContents()).join('\n');
  const state = await app.state();
  const total = await page.locator('#growth-head').textContent();
  const attempts =
    countBefore(text, /attempts? to grow/) +
    countBefore(text, /transient pools?/) +
    countBefore(/transient pools?, [\d,]+ failed/.exec(text)?.[0] ?? '', /failed/);
  expect(countBefore(total ?? '', /attempts/)).toBe(attempts);
  expect(countBefore(text, /maps? failed/)).toBe(state.failedMaps);
  expect(text).toContain(`→ ${state.nslabs.toLocaleString('en-US')}`);
  expect(text).toContain(`peak ${state.hiwater.toLocaleString('en-US')}`);
});

test('the selection is spoken, politely, and Escape takes it back', async ({ app, page }) => {
  await standing(app, BURST, 4096);
  await drag(page, 0.2, 0.7);
  await expect(spoken(page)).toContainText(/ms to .* ms/, { timeout: 5000 });
  await expect(spoken(page)).toHaveJSProperty('tagName', 'OUTPUT');
  await page.mouse.move(5, 5);
  await expect(selection(page)).toContainText(' ms to ');
  await page.keyboard.press('Escape');
  await expect(selection(page)).toHaveCount(0);
  await expect(spoken(page)).toBeEmpty({ timeout: 5000 });
});

test('by keyboard: arrows read a moment, Shift and arrows select, Escape clears', async ({
  app,
  page,
}) => {
  await standing(app, BURST, 4096);
  const { event } = await app.state();
  await glass(page).focus();
  await page.keyboard.press('End');
  await expect(glass(page)).toHaveAttribute('aria-valuetext', / ms · used [\d,]+/);
  await page.keyboard.press('PageDown');
  const before = await glass(page).getAttribute('aria-valuenow');
  for (let step = 0; step < 5; step++) await page.keyboard.press('Shift+ArrowLeft');
  await expect(selection(page)).toContainText(' ms to ');
  await expect(selection(page)).toContainText('capacity');
  const after = await glass(page).getAttribute('aria-valuenow');
  expect(Number(after)).toBeLessThan(Number(before));
  await page.keyboard.press('Escape');
  await expect(selection(page)).toHaveCount(0);
  await expect(reading(page)).toContainText(' ms · used ');
  // The arrows were the timeline's: the run did not step.
  expect((await app.state()).event).toBe(event);
});

test('the pointer on a mark reads who asked for which orders, and what came of it', async ({
  app,
  page,
}) => {
  await standing(app, MONTH, 4000);
  const box = await glass(page).boundingBox();
  const first = page.getByRole('list', { name: 'Attempts to grow' }).locator('time').first();
  const newestMs = Number.parseFloat((await first.textContent()) ?? '');
  // The shortest time shown is 20 ms; the run is at less than that when it stands.
  const place = await placeAt(page, newestMs / 20);
  await page.mouse.move(place.x, (box?.y ?? 0) + 26);
  await expect(reading(page)).toContainText(/(worker|transient): order \d+/);
  await expect(reading(page)).toContainText(/ms · used /);
});

test('a new run begins without a selection', async ({ app, page }) => {
  await standing(app, BURST, 4096);
  await drag(page, 0.2, 0.7);
  await page.mouse.move(5, 5);
  await expect(selection(page)).toContainText(' ms to ');
  await page.getByRole('button', { name: /beginning|restart/i }).click();
  await expect(selection(page)).toHaveCount(0);
});

for (const theme of ['dark', 'light', 'projector'] as const) {
  test(`with a selection there is no fault for axe in ${theme}`, async ({ app, page }) => {
    await app.open({ scenario: MONTH, theme });
    await app.stateWhen(({ nslabs }) => nslabs > 4000, 20_000);
    await app.pause();
    await glass(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+PageDown');
    await expect(selection(page)).toContainText(' ms to ');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
}
