import { AxeBuilder } from '@axe-core/playwright';
import { expect, SIZES, test, THEMES } from './page.ts';

test('the palette by keyboard: a scenario, a policy, a colour, a theme, and out again', async ({
  app,
  page,
}) => {
  await app.open({ reducedMotion: true });
  const field = page.getByRole('combobox', { name: 'Command' });
  const pick = async (typed: string) => {
    await page.keyboard.press('Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
    await expect(field).toHaveCount(0);
  };
  await pick('too sm');
  await expect.poll(() => page.evaluate(() => window.bouncescope?.scenario)).toBe('too-small');
  await pick('wake-all');
  await expect(page.getByTestId('policy')).toContainText('wake-all');
  await pick('colour age');
  await expect(page.getByRole('button', { name: /^age/ })).toHaveAttribute('aria-pressed', 'true');
  await pick('light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await pick('help');
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // The arrows choose, and wrap; Escape and Ctrl K leave everything as it was.
  await page.keyboard.press('Control+k');
  const chosen = page.getByRole('dialog').getByRole('option', { selected: true });
  await expect(chosen).toHaveText(/^Play or pause/);
  await page.keyboard.press('ArrowUp');
  await expect(chosen).not.toHaveText(/^Play or pause/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(/^One event forward/);
  await expect(field).toHaveAttribute(
    'aria-activedescendant',
    (await chosen.getAttribute('id')) ?? '',
  );
  await page.keyboard.type('no such thing');
  await expect(page.getByRole('status').filter({ hasText: 'Nothing is called' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+k');
  await expect(field).toHaveCount(0);
});

test('every key of the help does something, and letters can be switched off for good', async ({
  app,
  page,
}) => {
  await app.open({ reducedMotion: true });
  await page.keyboard.press('?');
  const letters = page.getByRole('checkbox', { name: /^single letters/ });
  await letters.uncheck();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('3');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^device/ }).first()).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.reload();
  await page.waitForFunction(() => (window.bouncescope?.frame() ?? null) !== null);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Command' })).toBeFocused();
  await page.keyboard.type('letter');
  await page.keyboard.press('Enter');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
});

test('a change is undone and done again, by keys and by buttons, each with its sentence', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small', reducedMotion: true });
  const undo = page.getByRole('button', { name: 'Undo the last change' });
  await expect(undo).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'nvme0: load' }).click();
  const depth = page.getByRole('slider', { name: 'nvme0 depth' });
  const before = await depth.inputValue();
  await depth.fill('50');
  const changed = await depth.inputValue();
  expect(changed).not.toBe(before);
  await expect(undo).toHaveAttribute('title', /^Undo: the depth of nvme0 is \d+$/);
  await page.keyboard.press('Control+z');
  await expect(depth).toHaveValue(before);
  await expect(page.getByTestId('notice')).toHaveText(
    /^Undone: the depth of nvme0 is \d+ again\.$/,
  );
  await page.keyboard.press('Control+Shift+z');
  await expect(depth).toHaveValue(changed);
  await expect(page.getByTestId('notice')).toHaveText(/^Done again: the depth of nvme0 is \d+\.$/);
  // In a text field the keys are the field's.
  const line = page.getByRole('textbox', { name: 'Kernel command line' });
  await line.focus();
  await page.keyboard.type(' x');
  await page.keyboard.press('Control+z');
  await expect(depth).toHaveValue(changed);
  await undo.click();
  await expect(depth).toHaveValue(before);
});

for (const theme of THEMES) {
  test(`axe finds nothing in the palette: ${theme}`, async ({ app, page }) => {
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      await app.open({ theme, size, reducedMotion: true });
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox', { name: 'Command' })).toBeFocused();
      await page.keyboard.type('co');
      await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });
}
