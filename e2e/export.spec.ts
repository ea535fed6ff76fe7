import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { traceFaults } from '../src/testing/trace-event-check.ts';
import { expect, test, THEMES, type App } from './page.ts';

const VM = 'confidential-vm';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export' });

/** Opens a scenario, lets something happen, pauses, and opens the dialog. */
async function standing(app: App, scenario = VM, opening = {}) {
  await app.open({ scenario, ...opening });
  await app.stateWhen(({ maps }) => maps > 200, 20_000);
  await app.pause();
  await app.page.keyboard.press('e');
  await expect(dialog(app.page)).toBeVisible();
}

/** Presses what saves a file. @returns its name and bytes. */
async function saved(page: Page, button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('the table of events adds up to the counters on the page', async ({ app, page }) => {
  await standing(app);
  const state = await app.state();
  const { name, bytes } = await saved(page, page.getByRole('button', { name: 'Events, CSV' }));
  expect(name).toMatch(/^confidential-vm-0\.000ms-[\d.]+ms-events\.csv$/);
  const rows = bytes
    .toString('utf8')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const count = (kind: string) => rows.filter((row) => row[2] === kind).length;
  expect(count('map')).toBe(state.maps);
  expect(count('unmap')).toBe(state.unmaps);
  expect(count('fail')).toBe(state.failedMaps);
  expect(Number(rows.findLast((row) => row[2] === 'map' || row[2] === 'unmap')?.[13])).toBe(
    state.used,
  );
  await expect(dialog(page).getByRole('status')).toContainText(`Saved ${name}.`);
});

test('the table of the timeline ends with the counters of now', async ({ app, page }) => {
  await standing(app);
  const state = await app.state();
  const { name, bytes } = await saved(page, page.getByRole('button', { name: 'Timeline, CSV' }));
  expect(name).toMatch(/-timeline\.csv$/);
  const [head = '', ...lines] = bytes.toString('utf8').trimEnd().split('\r\n');
  const last = lines.at(-1)?.split(',') ?? [];
  const column = (title: string) => Number(last[head.split(',').indexOf(title)]);
  expect(column('to_ns')).toBe(state.timeNs);
  expect(column('io_tlb_nslabs_slots')).toBe(state.nslabs);
  expect(column('io_tlb_used_hiwater_slots')).toBe(state.hiwater);
});

test('the trace keeps the rules of its format, and comes out the same twice', async ({
  app,
  page,
}) => {
  await standing(app);
  const button = page.getByRole('button', { name: 'Trace, JSON' });
  const first = await saved(page, button);
  const text = first.bytes.toString('utf8');
  expect(traceFaults(text)).toEqual([]);
  expect(text).toContain('"name":"map: search"');
  const second = await saved(page, button);
  expect(second.name).toBe(first.name);
  expect(second.bytes.equals(first.bytes)).toBe(true);
});

test('a selected stretch is what is exported', async ({ app, page }) => {
  await app.open({ scenario: VM });
  await app.stateWhen(({ maps }) => maps > 200, 20_000);
  await app.pause();
  const glass = page.getByRole('slider', { name: /^Moment on the timeline/ });
  await glass.focus();
  await page.keyboard.press('End');
  for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('e');
  await expect(dialog(page)).toContainText('the stretch selected on the timeline');
  const { name, bytes } = await saved(page, page.getByRole('button', { name: 'Events, CSV' }));
  const [, from = '', to = ''] = /vm-([\d.]+)ms-([\d.]+)ms-events/.exec(name) ?? [];
  const times = bytes
    .toString('utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => Number(line.split(',')[0]) / 1e6);
  expect(times.length).toBeGreaterThan(0);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(Number(from) - 0.001);
  expect(Math.max(...times)).toBeLessThanOrEqual(Number(to) + 0.001);
  expect(Number(from)).toBeGreaterThan(0);
});

test('by keyboard: opened from the bar, walked, closed, and the focus is back', async ({
  app,
  page,
}) => {
  await app.open({ scenario: VM });
  const button = page.getByRole('button', { name: 'Export', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog(page).locator(':focus')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(button).toBeFocused();
});

for (const theme of THEMES) {
  for (const size of ['desk', 'phone'] as const) {
    test(`axe finds no fault in ${theme} on a ${size}, and nothing sticks out`, async ({
      app,
      page,
    }) => {
      await standing(app, VM, { theme, size });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const { sticks } = await dialog(page).evaluate((element) => ({
        sticks: element.scrollWidth - element.clientWidth,
      }));
      expect(sticks).toBeLessThanOrEqual(0);
    });
  }
}
