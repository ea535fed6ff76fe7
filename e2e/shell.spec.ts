import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, SIZES, test, THEMES, type Size } from './page.ts';
import { openBundled } from './recordings.ts';

const KEY = 'kernel.dma.swiotlb_default';
/** Throttling is on in it, and its load comes at once. */
const THROTTLED = { scenario: 'snail-and-cheetah' } as const;

const prompt = (page: Page): Locator => page.getByRole('textbox', { name: 'Shell command' });
const output = (page: Page): Locator => page.getByRole('log', { name: 'Shell output' });

/** Types a line and waits for what it printed: the lines after the one that was typed. */
async function run(page: Page, line: string): Promise<string[]> {
  const rows = output(page).locator('> div');
  const before = await rows.count();
  await prompt(page).fill(line);
  await prompt(page).press('Enter');
  await expect(rows.nth(before)).toHaveText(`# ${line}`);
  // A line is through when the next one is: `pwd` prints always.
  await prompt(page).fill('pwd');
  await prompt(page).press('Enter');
  await expect(rows.last()).toHaveText(/^\//);
  return (await rows.allInnerTexts()).slice(before + 1, -2);
}

test('a threshold set by sysctl changes the running model and its counters', async ({
  app,
  page,
}) => {
  await app.open(THROTTLED);
  const before = await app.stateWhen(({ used }) => used > 100);
  expect(await run(page, `sysctl ${KEY}.high_throttle=1 ${KEY}.low_throttle=0`)).toEqual([
    `${KEY}.high_throttle = 1`,
    `${KEY}.low_throttle = 0`,
  ]);
  const { throttle } = await app.stateWhen(
    ({ throttle: now }) => now.highThrottleCount > before.throttle.highThrottleCount,
  );
  expect([throttle.highThrottle, throttle.lowThrottle]).toEqual([1, 0]);
  await expect(page.getByTestId('high_throttle')).toHaveText('1');
  await page.getByRole('button', { name: 'Restart' }).click();
  await app.stateWhen(({ timeNs }) => timeNs < before.timeNs);
  expect((await app.state()).throttle).toMatchObject({ highThrottle: 1, lowThrottle: 0 });
});

test('cat says what the page says', async ({ app, page }) => {
  await app.open(THROTTLED);
  await app.stateWhen(({ used }) => used > 100);
  await page.keyboard.press('k');
  const { used, nslabs, hiwater, throttle } = await app.stateWhen(
    ({ runState }) => runState === 'paused',
  );
  await expect(page.getByTestId('io_tlb_used')).toHaveText(String(used));
  expect(await run(page, 'cat io_tlb_nslabs io_tlb_used *hiwater')).toEqual(
    [nslabs, used, hiwater].map(String),
  );
  expect(await run(page, 'cat /sys/kernel/debug/swiotlb/*_throttle')).toEqual(
    [throttle.highThrottle, throttle.lowThrottle].map(String),
  );
  expect(await run(page, 'ls -l io_tlb_used')).toEqual(['-r-------- root io_tlb_used']);
});

test('what the kernel does not take it refuses in its own words', async ({ app, page }) => {
  await app.open();
  const { hiwater } = await app.stateWhen(({ hiwater: mark }) => mark > 1000);
  expect(await run(page, 'echo 1 > io_tlb_used_hiwater')).toEqual([
    'sh: write error: Invalid argument',
  ]);
  expect((await app.state()).hiwater).toBeGreaterThanOrEqual(hiwater);
  expect(await run(page, 'echo 0 > io_tlb_used')).toEqual([
    "sh: can't create io_tlb_used: Permission denied",
  ]);
  expect(await run(page, 'cat high_throttle')).toEqual([
    "cat: can't open 'high_throttle': No such file or directory",
  ]);
  expect(await run(page, 'rm -rf /')).toEqual(['sh: rm: not found']);
  await page.keyboard.press('Shift+Tab');
  await page.getByRole('button', { name: 'Pause' }).click();
  await app.stateWhen(({ runState }) => runState === 'paused');
  expect(await run(page, 'echo 0 > io_tlb_used_hiwater; cat io_tlb_used_hiwater')).toEqual(['0']);
});

test('watch follows the numbers, and ends on q with the last of them', async ({ app, page }) => {
  await app.open();
  await prompt(page).fill('watch cat io_tlb_used io_tlb_used_hiwater');
  await prompt(page).press('Enter');
  const watched = page.getByTestId('shell-watch');
  await expect(watched).toContainText('Every frame: cat io_tlb_used');
  const numbers = new Set<string>();
  await expect
    .poll(async () => numbers.add(await watched.locator('pre').innerText()).size)
    .toBeGreaterThan(3);
  await prompt(page).press('x');
  await expect(watched).toBeVisible();
  await prompt(page).press('q');
  await expect(watched).toHaveCount(0);
  await expect(prompt(page)).toHaveValue('');
  expect(await output(page).locator('> div').count()).toBe(3);
  await prompt(page).fill('watch -n 0.5 dmesg');
  await prompt(page).press('Enter');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(watched).toHaveCount(0);
});

test('Tab completes, a second one lists, and an empty line lets it go', async ({ app, page }) => {
  await app.open(THROTTLED);
  const field = prompt(page);
  await field.pressSequentially('sys');
  await field.press('Tab');
  await expect(field).toHaveValue('sysctl ');
  await field.pressSequentially('k');
  await field.press('Tab');
  await expect(field).toHaveValue(`sysctl ${KEY}.`);
  await field.press('Tab');
  await expect(output(page)).toContainText(`${KEY}.low_throttle`);
  await expect(field).toBeFocused();
  await field.press('Shift+Tab');
  await expect(field).not.toBeFocused();
  await field.focus();
  await field.press('Escape');
  await expect(field).toHaveValue('');
  await field.press('Tab');
  await expect(field).not.toBeFocused();
});

test('the history comes back with the arrows, and Ctrl+C and Ctrl+L do what they do', async ({
  app,
  page,
}) => {
  await app.open();
  const field = prompt(page);
  for (const line of ['pwd', 'cat io_tlb_nslabs']) await run(page, line);
  await field.fill('half');
  const up = async (wanted: string) => {
    await field.press('ArrowUp');
    await expect(field).toHaveValue(wanted);
  };
  await up('pwd');
  await up('cat io_tlb_nslabs');
  await up('pwd');
  await up('pwd');
  for (let press = 0; press < 3; press++) await field.press('ArrowDown');
  await expect(field).toHaveValue('half');
  await field.press('Control+c');
  await expect(field).toHaveValue('');
  await expect(output(page)).toContainText('# half^C');
  await field.press('Control+l');
  await expect(output(page)).toHaveText('');
});

test('by keyboard alone, and the page’s keys stay out of it', async ({ app, page }) => {
  await app.open();
  await page.keyboard.press('k');
  const paused = await app.stateWhen(({ runState }) => runState === 'paused');
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press('Tab');
    if (await prompt(page).evaluate((field) => field === document.activeElement)) break;
  }
  await expect(prompt(page)).toBeFocused();
  await page.keyboard.type('cat io_tlb_used; help');
  await page.keyboard.press('Enter');
  await expect(output(page)).toContainText('sysctl KEY[=VALUE]');
  await expect(output(page)).toContainText(String(paused.used));
  // What is printed can be scrolled.
  await page.keyboard.press('Shift+Tab');
  await expect(page.locator('.shell-screen')).toBeFocused();
  const { event, runState } = await app.state();
  expect([event, runState]).toEqual([paused.event, 'paused']);
});

test('a hostile paste is text, and refused where it is no line', async ({ app, page }) => {
  await app.open();
  const field = prompt(page);
  await run(page, 'echo "<img src=x onerror=alert(1)><script>alert(2)</script>"');
  await expect(output(page)).toContainText('<img src=x onerror=alert(1)>');
  await expect(output(page).locator('img, script')).toHaveCount(0);
  const paste = async (text: string) => {
    await field.focus();
    await page.evaluate((pasted) => document.execCommand('insertText', false, pasted), text);
  };
  await paste('pwd\u202e;\u001b[31m echo x');
  await field.press('Enter');
  await expect(output(page)).toContainText('sh: the line holds a control character');
  await paste(`echo ${'x'.repeat(100_000)}`);
  expect((await field.inputValue()).length).toBeLessThanOrEqual(256);
  await field.press('Enter');
  await expect(output(page).locator('> div').last()).toHaveText(/^x+$/);
  for (let turn = 0; turn < 40; turn++) {
    await field.fill('help; help; help');
    await field.press('Enter');
  }
  await expect.poll(() => output(page).locator('> div').count()).toBe(500);
});

test('in a recording everything is read and nothing written', async ({ app, page }) => {
  await app.open();
  await openBundled(app, 'small512-1cpu');
  await page.getByRole('slider', { name: 'Speed' }).fill('5');
  await app.stateWhen(
    ({ runState, totalDecisions }) => runState === 'ended' && totalDecisions > 0,
    40_000,
  );
  const { hiwater } = await app.state();
  expect(await run(page, 'cat io_tlb_nslabs io_tlb_used_hiwater')).toEqual([
    '512',
    String(hiwater),
  ]);
  expect(await run(page, 'echo 0 > io_tlb_used_hiwater')).toEqual([
    'A recording is as it was: nothing can be changed in it.',
  ]);
  expect((await app.state()).hiwater).toBe(hiwater);
});

for (const theme of THEMES) {
  for (const size of Object.keys(SIZES) as Size[]) {
    test(`axe finds nothing in a shell that is used: ${theme}, ${size}`, async ({ app, page }) => {
      await app.open({ ...THROTTLED, theme, size, reducedMotion: true });
      await run(page, 'ls -l; cat nope; echo x > high_throttle');
      await prompt(page).fill('watch cat io_tlb_used');
      await prompt(page).press('Enter');
      await expect(page.getByTestId('shell-watch')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).include('.shell').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth: content, clientWidth: window } = document.documentElement;
        return { scrollWidth: content, clientWidth: window };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    });
  }
}
