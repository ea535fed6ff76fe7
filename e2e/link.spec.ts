import { readFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { App, expect, SIZES, test, THEMES } from './page.ts';

const packed = (text: string) => `#s=1.${deflateRawSync(text).toString('base64url')}`;

/** The link of the moment, as the dialog offers it. */
async function linkOn(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return link;
}

async function shareByKeys(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Command' })).toBeFocused();
  await page.keyboard.type('share');
  await page.keyboard.press('Enter');
}

/** A session that has seen something: devices and thresholds changed, a slot pinned, colours chosen. */
async function lived(app: App, page: Page): Promise<void> {
  await app.open({ scenario: 'hysteresis', theme: 'light', reducedMotion: true });
  await page
    .getByRole('button', { name: /: load$/ })
    .first()
    .click();
  await page.keyboard.press('k');
  await app.stateWhen(({ event }) => event > 500);
  await page
    .getByRole('slider', { name: / depth$/ })
    .first()
    .fill('30');
  const shell = page.getByRole('textbox', { name: 'Shell command' });
  await shell.fill('echo 77 > /sys/kernel/debug/swiotlb/high_throttle');
  await shell.press('Enter');
  await app.stateWhen(({ throttle }) => throttle.highThrottle === 77);
  await page.getByTestId('heatmap').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('3');
  await app.stateWhen(({ event }) => event > 3000);
  await app.pause();
}

test('a link opened in a second page shows the same state, moment, view and selection', async ({
  app,
  page,
  context,
  baseURL,
}) => {
  await lived(app, page);
  const link = await linkOn(page);
  expect(new URL(link).hash.length).toBeLessThan(8192);
  const other = new App(await context.newPage(), baseURL ?? '');
  await other.page.goto(link);
  await other.page.waitForFunction(() => (window.bouncescope?.frame() ?? null) !== null);
  const [here, there] = [await app.state(), await other.state()];
  expect(there).toMatchObject({
    event: here.event,
    timeNs: here.timeNs,
    used: here.used,
    runState: 'paused',
  });
  expect(await other.hash()).toBe(await app.hash());
  await expect(other.page.getByRole('button', { name: /^age/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(other.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(other.page.getByTestId('inspector')).toContainText('Slot 1');
  expect(there.throttle.highThrottle).toBe(77);
  await expect(other.page.getByTestId('notice')).toHaveCount(0);
  // Both go on alike.
  for (const one of [app, other]) {
    for (let step = 0; step < 5; step++) {
      await one.page.getByRole('button', { name: 'One event forward' }).click();
    }
    await one.stateWhen(({ event }) => event === here.event + 5);
  }
  expect(await other.hash()).toBe(await app.hash());
  expect(other.faults).toEqual([]);
});

test('a session is saved as a file, opened from it, and can be undone', async ({ app, page }) => {
  await lived(app, page);
  const [before, hash] = [await app.state(), await app.hash()];
  await shareByKeys(page);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save file' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('bouncescope-hysteresis.json');
  const text = await readFile(await file.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ format: 'bouncescope-session', version: 1, hash });
  await page.goto('about:blank');
  await app.open({ scenario: 'too-small', reducedMotion: true });
  const upload = (name: string, content: string) =>
    page
      .getByLabel('Recording or session')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
  await page.getByRole('button', { name: /What runs/ }).click();
  await upload('bad.json', text.replace('"version":1', '"version":7'));
  await expect(page.getByTestId('notice')).toContainText(
    '“bad.json” cannot be opened: it is of version 7, from a newer page; this one reads version 1.',
  );
  expect(await page.evaluate(() => window.bouncescope?.scenario)).toBe('too-small');
  await page.getByRole('button', { name: /What runs/ }).click();
  await upload('mine.json', text);
  await app.stateWhen(({ event, timeNs }) => event === before.event && timeNs === before.timeNs);
  expect(await app.hash()).toBe(hash);
  await page.keyboard.press('Control+z');
  await expect.poll(() => page.evaluate(() => window.bouncescope?.scenario)).toBe('too-small');
});

test('a hostile link gets one sentence, and the page opens with what it has', async ({
  app,
  page,
  baseURL,
}) => {
  await app.open({ reducedMotion: true });
  const link = await linkOn(page);
  const { hash } = new URL(link);
  const hostile: readonly (readonly [string, RegExp])[] = [
    [hash.slice(0, -40), /damaged|no complete JSON/],
    ['#s=9.AAAA', /begins with “#s=9\.AAA”/],
    ['#s=1.@@@', /a character that no link has/],
    [packed('{"format":"bouncescope-session","version":2}'), /of version 2, from a newer page/],
    [packed('['.repeat(5000)), /nests deeper than 16 levels/],
    [packed(' '.repeat(30_000_000)), /unpacks to more than 4194304 characters/],
    [packed('{"format":"<img src=x onerror=alert(1)>"}'), /format is "<img src=x/],
  ];
  for (const [wrong, sentence] of hostile) {
    await page.goto('about:blank');
    await page.goto(`${baseURL}?scenario=too-small${wrong}`);
    await page.waitForFunction(() => (window.bouncescope?.frame() ?? null) !== null);
    await expect(page.getByTestId('notice')).toHaveText(/^The link cannot be opened: .*\.$/);
    await expect(page.getByTestId('notice')).toHaveText(sentence);
    expect(await page.evaluate(() => window.bouncescope?.scenario)).toBe('too-small');
  }
});

test('a link of a moment that the run never reaches is refused, and the page begins without it', async ({
  app,
  page,
  baseURL,
}) => {
  await app.open({ scenario: 'stuck', reducedMotion: true });
  const [, letters = ''] = new URL(await linkOn(page)).hash.split('.');
  const { inflateRawSync } = await import('node:zlib');
  const session: unknown = JSON.parse(inflateRawSync(Buffer.from(letters, 'base64url')).toString());
  const moved = { ...(session as object), moment: { event: 300, timeNs: 1 } };
  await page.goto('about:blank');
  await page.goto(`${baseURL}${packed(JSON.stringify(moved))}`);
  await page.waitForFunction(() => (window.bouncescope?.frame() ?? null) !== null);
  await expect(page.getByTestId('notice')).toContainText(
    'the record says behind event 300 at 1 ns',
  );
  expect(await page.evaluate(() => window.bouncescope?.scenario)).toBe('confidential-vm');
});

for (const theme of THEMES) {
  test(`axe finds nothing in the share dialog: ${theme}`, async ({ app, page }) => {
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      await app.open({ theme, size, reducedMotion: true });
      await shareByKeys(page);
      await expect(page.getByRole('textbox', { name: 'Link' })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });
}
