import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './page.ts';

/** Waits until going back is possible: its part of the page comes after the first picture. */
async function pastIsThere(page: Page): Promise<void> {
  await expect(page.getByRole('slider', { name: 'Playhead' })).toBeVisible();
}

/** What every canvas shows, as one number each. */
function pictures(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('canvas'), (canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      let sum = canvas.width;
      for (const byte of data) sum = (Math.imul(sum, 31) + byte) | 0;
      return sum;
    }),
  );
}

test('a step back shows the earlier state, and forward and back give the same pictures', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ event }) => event > 3000);
  await pastIsThere(page);
  await app.pause();
  // From behind an event to it: then steps are whole events.
  await page.keyboard.press('ArrowLeft');
  await page.waitForTimeout(300);
  const seen: { readonly hash: string; readonly shown: number[] }[] = [];
  const { event } = await app.state();
  const note = async () => {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(250);
    return { hash: await app.hash(), shown: await pictures(page) };
  };
  for (let back = 0; back < 4; back++) {
    await app.stateWhen((state) => state.event === event - back);
    seen.push(await note());
    await page.keyboard.press('ArrowLeft');
  }
  expect(new Set(seen.map(({ hash }) => hash)).size).toBe(4);
  await page.keyboard.press('ArrowRight');
  for (let back = 3; back >= 0; back--) {
    await app.stateWhen((state) => state.event === event - back);
    expect(await note()).toEqual(seen[back]);
    if (back > 0) await page.keyboard.press('ArrowRight');
  }
});

test('keys go to the start, to the end, and from one interesting event to the next', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ failedMaps }) => failedMaps > 0);
  await pastIsThere(page);
  await app.pause();
  const before = await app.state();
  const hash = await app.hash();
  await page.keyboard.press('Home');
  await app.stateWhen(({ event, timeNs }) => event === 0 && timeNs === 0);
  await expect(page.getByRole('button', { name: 'One event back' })).toBeDisabled();
  await page.keyboard.press('Shift+ArrowRight');
  const first = await app.stateWhen(({ event }) => event > 0);
  await page.keyboard.press('Shift+ArrowRight');
  const second = await app.stateWhen(({ event }) => event > first.event);
  await page.getByRole('button', { name: 'Previous interesting event' }).click();
  await app.stateWhen(({ event }) => event === first.event);
  expect(second.event).toBeLessThanOrEqual(before.event);
  await page.keyboard.press('End');
  await app.stateWhen(({ event }) => event === before.event);
  expect(await app.hash()).toBe(hash);
});

test('the playhead is dragged back on the axis, and moved by keys; a drag elsewhere selects', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ timeNs }) => timeNs > 40e6);
  await pastIsThere(page);
  await app.pause();
  const before = await app.state();
  const axis = page.getByRole('slider', { name: 'Playhead' });
  const box = await axis.boundingBox();
  if (box === null) throw new Error('no axis');
  await page.mouse.move(box.x + 200, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 10, { steps: 8 });
  await page.mouse.up();
  const back = await app.stateWhen(({ timeNs }) => timeNs < before.timeNs / 2);
  expect(back.runState).toBe('paused');
  await expect(axis).toHaveAttribute('aria-valuetext', /event [\d,]+$/);
  await axis.press('End');
  await app.stateWhen(({ timeNs }) => timeNs >= before.timeNs);
  await axis.press('PageDown');
  await app.stateWhen(({ timeNs }) => timeNs < before.timeNs);
  await page.mouse.move(box.x + 80, box.y - 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y - 30, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId('span')).toBeVisible();
});

test('a change in the past begins another branch, and says so', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ timeNs }) => timeNs > 40e6);
  await pastIsThere(page);
  await app.pause();
  await page.keyboard.press('Home');
  await app.stateWhen(({ event }) => event === 0);
  await page.keyboard.press('Shift+ArrowRight');
  await app.stateWhen(({ event }) => event > 0);
  await page.getByRole('button', { name: 'nvme0: load' }).click();
  await page.getByRole('slider', { name: 'nvme0 asks for' }).press('ArrowRight');
  await expect(page.getByText(/You changed the past: from here on it is Run 2/)).toBeVisible();
  const panel = page.getByTestId('time-panel');
  await expect(panel.getByRole('list', { name: 'Branches' }).getByRole('listitem')).toHaveCount(2);
  await panel.getByRole('button', { name: 'Switch to Run 1' }).click();
  await expect(panel.getByRole('button', { name: 'Delete Run 2' })).toBeVisible();
  await panel.getByRole('button', { name: 'Delete Run 2' }).click();
  await expect(panel.getByRole('list', { name: 'Branches' })).toBeHidden();
});

test('the page is accessible while the run stands in its past', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ timeNs }) => timeNs > 40e6);
  await pastIsThere(page);
  await page.keyboard.press('Home');
  await app.stateWhen(({ event }) => event === 0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
});

test('on a phone the bar shows its five buttons, the clock and the speed in one row', async ({
  app,
  page,
}) => {
  await app.open({ size: 'phone' });
  await pastIsThere(page);
  const bar = await page.getByRole('group', { name: 'Time' }).boundingBox();
  const dial = await page.getByRole('slider', { name: 'Speed' }).boundingBox();
  if (bar === null || dial === null) throw new Error('no bar');
  expect(bar.height).toBe(44);
  expect(dial.width).toBeGreaterThan(40);
  expect(dial.x + dial.width).toBeLessThanOrEqual(390);
});

test('a place is marked, named and gone back to; a stretch is looped', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ timeNs }) => timeNs > 40e6);
  await pastIsThere(page);
  await app.pause();
  const marked = await app.state();
  const hash = await app.hash();
  await page.keyboard.press('m');
  const panel = page.getByTestId('time-panel');
  await panel.getByRole('textbox', { name: 'Name of bookmark 1' }).fill('The pool is full');
  await panel.getByRole('textbox', { name: 'Note of The pool is full' }).fill('say why');
  await page.locator('body').click({ position: { x: 3, y: 3 } });
  await page.keyboard.press('Home');
  await app.stateWhen(({ event }) => event === 0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await panel.getByRole('button', { name: 'Go to The pool is full' }).click();
  await app.stateWhen(({ event }) => event === marked.event);
  expect((await app.hash()).split('-')[1]).toBe(hash.split('-')[1]);
  const axis = await page.getByRole('slider', { name: 'Playhead' }).boundingBox();
  if (axis === null) throw new Error('no axis');
  await page.mouse.move(axis.x + 80, axis.y - 30);
  await page.mouse.down();
  await page.mouse.move(axis.x + 110, axis.y - 30, { steps: 4 });
  await page.mouse.up();
  await panel.getByRole('button', { name: 'Loop the selected stretch' }).click();
  const first = await app.stateWhen(({ timeNs }) => timeNs < marked.timeNs / 2);
  await app.stateWhen(({ timeNs }) => timeNs > first.timeNs);
  let latest = 0;
  await app.stateWhen(({ timeNs }) => {
    const isBack = timeNs < latest;
    latest = timeNs;
    return isBack;
  });
  expect(latest).toBeLessThan(marked.timeNs);
});
