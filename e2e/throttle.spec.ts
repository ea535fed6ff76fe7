import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SIZES, test, THEMES, type App } from './page.ts';

const handle = (page: Page, which: 'high' | 'low') => page.getByTestId(`handle-${which}`);

/** Moves a handle by so many pixels; up is more. */
async function drag(page: Page, which: 'high' | 'low', upPx: number) {
  const box = await handle(page, which).boundingBox();
  if (!box) throw new Error('the handle is not on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - upPx / 2);
  await page.mouse.move(x, y - upPx);
  await page.mouse.up();
}

/** A throttled run that stands still with somebody in the queue. */
async function openQueued(app: App, page: Page) {
  await app.open({ scenario: 'spike', reducedMotion: true });
  await page.getByRole('button', { name: 'Play' }).click();
  await app.stateWhen(({ throttle }) => throttle.waiting > 2 && throttle.holder !== null);
  await app.pause();
}

test('dragging a handle changes the running model and the counters', async ({ app, page }) => {
  await app.open({ scenario: 'confidential-vm' });
  await page.getByTestId('policy').click();
  await page.getByTestId('policy-rfc').click();
  const before = await app.stateWhen(({ throttle }) => throttle.policy === 'rfc');
  expect(before.throttle.highThrottleCount).toBe(0);
  await drag(page, 'high', -220);
  const after = await app.stateWhen(
    ({ throttle }) => throttle.highThrottle < before.throttle.highThrottle / 4,
  );
  // The low one was pushed along.
  expect(after.throttle.lowThrottle).toBe(after.throttle.highThrottle);
  await expect(page.getByTestId('label-high')).toContainText(
    after.throttle.highThrottle.toLocaleString('en-US'),
  );
  const throttled = await app.stateWhen(({ throttle }) => throttle.highThrottleCount > 0, 20_000);
  expect(throttled.throttle.report.throttled).toBeGreaterThan(0);
  await expect(page.getByTestId('counter-high_throttle_count')).not.toHaveText('0');
});

test('a handle is moved by keys alone', async ({ app, page }) => {
  await app.open({ scenario: 'spike', reducedMotion: true });
  const { throttle, nslabs, event } = await app.state();
  const high = handle(page, 'high');
  await high.focus();
  const moved = async (key: string, slots: number) => {
    await page.keyboard.press(key);
    await app.stateWhen((state) => state.throttle.highThrottle === slots);
    await expect(high).toHaveAttribute('aria-valuenow', String(slots));
  };
  let at = throttle.highThrottle;
  await moved('ArrowUp', (at += 1));
  await moved('ArrowLeft', (at -= 1));
  await moved('Shift+ArrowUp', (at += 128));
  await moved('PageDown', (at -= Math.round(nslabs / 100)));
  await moved('End', nslabs);
  await moved('Home', 0);
  expect((await app.state()).throttle.lowThrottle).toBe(0);
  // The arrows belonged to the handle: time has not moved.
  expect((await app.state()).event).toBe(event);
});

test('a threshold is typed in slots, MiB or percent, and a bad one gets a sentence', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'spike', reducedMotion: true });
  const typed = async (text: string) => {
    await page.getByTestId('label-high').click();
    const field = page.getByRole('textbox', { name: /^high_throttle in/ });
    await field.fill(text);
    await field.press('Enter');
  };
  await typed('3000');
  await app.stateWhen(({ throttle }) => throttle.highThrottle === 3000);
  await typed('7 MiB');
  await app.stateWhen(({ throttle }) => throttle.highThrottle === 3584);
  await typed('50 %');
  await app.stateWhen(({ throttle }) => throttle.highThrottle === 2048);
  await typed('much');
  await expect(page.getByText('“much” is no threshold')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('label-high')).toContainText('high 2,048');
});

test('queue and holder are those of the frame, event by event', async ({ app, page }) => {
  await openQueued(app, page);
  const queue = page.getByTestId('queue').locator('li');
  for (let step = 0; step < 12; step++) {
    const before = await app.state();
    await page.keyboard.press('ArrowRight');
    const { throttle, timeNs } = await app.stateWhen(({ event }) => event === before.event + 1);
    await expect
      .poll(() => queue.evaluateAll((rows) => rows.map((row) => Number(row.dataset['serial']))))
      .toEqual(throttle.waiters.map(({ serial }) => serial));
    const { holder } = throttle;
    const token = page.getByTestId('token');
    if (holder) {
      await expect(token).toContainText(`CPU ${holder.cpu}`);
      expect(holder.admittedNs).toBeLessThanOrEqual(timeNs);
    } else await expect(token).not.toContainText('CPU');
  }
});

test('gauge, token and queue are told to whoever listens', async ({ app, page }) => {
  await openQueued(app, page);
  const { throttle } = await app.state();
  await expect(handle(page, 'high')).toHaveAttribute(
    'aria-valuetext',
    '2,867 slots, 5.6 MiB, 70.0 % of the capacity, the default',
  );
  await expect(page.getByRole('slider', { name: 'low_throttle' })).toHaveCount(1);
  await expect(page.getByTestId('token')).toContainText(/^throttle_sem is held by nvme0, CPU \d/);
  const list = page.getByRole('list', { name: 'Queue of the throttle' });
  await expect(list.getByRole('listitem')).toHaveCount(throttle.waiters.length);
  await expect(list.getByRole('listitem').first()).toHaveText(
    /^nvme0, 64 KiB, waits .*, throttled above (?:high|low)/,
  );
  await expect(page.getByTestId('waits')).toContainText('going on');
});

test('that throttling begins is announced', async ({ app, page }) => {
  await app.open({ scenario: 'confidential-vm' });
  await page.getByTestId('policy').click();
  await page.getByTestId('policy-rfc').click();
  await app.stateWhen(({ throttle }) => throttle.policy === 'rfc');
  await drag(page, 'high', -220);
  await app.stateWhen(({ throttle }) => throttle.waiting > 0, 20_000);
  await expect(page.getByTestId('announcer')).toContainText(/Throttling begins|starved/, {
    timeout: 15_000,
  });
});

test('another policy starts the run from its beginning', async ({ app, page }) => {
  await app.open({ scenario: 'spike' });
  await app.stateWhen(({ event }) => event > 1000);
  await page.getByTestId('policy').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('policy-wake-all')).toBeVisible();
  await page.getByTestId('policy-wake-all').focus();
  await page.keyboard.press('Enter');
  const { throttle } = await app.stateWhen((state) => state.throttle.policy === 'wake-all');
  expect(throttle.semCount).toBe(-1);
  await expect(page.getByTestId('policy')).toContainText('policy wake-all');
  await page.getByTestId('policy').click();
  await page.getByTestId('policy-timeout-grow').click();
  await app.stateWhen((state) => state.throttle.policy === 'timeout-grow');
  await expect(page.getByTestId('notice')).toContainText('CONFIG_SWIOTLB_DYNAMIC');
});

test('where nothing is throttled the panel says what it would be, and why', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'confidential-vm', reducedMotion: true });
  await expect(page.getByText('Throttling would let a request that may block')).toBeVisible();
  await expect(page.getByRole('slider', { name: 'high_throttle' })).toHaveCount(0);
  await app.open({ scenario: 'old-card-new-memory', reducedMotion: true });
  await page.getByTestId('policy').click();
  await page.getByTestId('policy-rfc').click();
  await expect(page.getByText('dma_recommend_may_block is false')).toBeVisible();
});

test('a batch that waits for itself is told as such', async ({ app, page }) => {
  await app.open({ scenario: 'batch-deadlock' });
  await app.stateWhen(({ throttle }) => throttle.waiting > 0, 20_000);
  await expect(page.locator('.narrator')).toContainText('waits for itself', { timeout: 20_000 });
  await expect(page.getByTestId('lane-nvme0').getByTestId('asleep')).toContainText('not rung for');
});

test('throttled slots are counted and filtered in the legend', async ({ app, page }) => {
  await openQueued(app, page);
  const entry = page.getByTestId('legend-throttled');
  await expect(entry.locator('b')).not.toHaveText('0');
  await entry.click();
  await expect(entry).toHaveAttribute('aria-pressed', 'false');
});

test('without motion the panel says the same', async ({ app, page }) => {
  await openQueued(app, page);
  const canvas = page.locator('.throttle-lane');
  const picture = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  const before = await picture();
  await page.waitForTimeout(300);
  expect(await picture()).toBe(before);
});

for (const theme of THEMES) {
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    test(`axe finds nothing in the throttle: ${theme}, ${size}`, async ({ app, page }) => {
      await app.open({ scenario: 'spike', theme, size, reducedMotion: true });
      await page.evaluate(() => document.fonts.ready.then(() => null));
      const check = async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      };
      await check();
      await page.getByTestId('policy').click();
      await check();
      await page.keyboard.press('Escape');
      await page.getByTestId('label-low').click();
      await page.keyboard.type('x');
      await page.keyboard.press('Enter');
      await check();
    });
  }
}
