import { expect, test } from './page.ts';

test('a whole visit without a pointer', async ({ app, page }) => {
  await app.open();
  // Time.
  await page.keyboard.press('Space');
  const paused = await app.stateWhen(({ runState }) => runState === 'paused');
  await page.keyboard.press('ArrowRight');
  await app.stateWhen(({ event }) => event === paused.event + 1);
  const dial = page.getByRole('slider', { name: 'Speed' });
  await page.keyboard.press(']');
  await expect(dial).toHaveValue('2.5');
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await expect(dial).toHaveValue('1.5');
  await page.keyboard.press('\\');
  await expect(dial).toHaveValue('4');
  // Help.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // The memory, reached with Tab alone.
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    if (await page.getByTestId('heatmap').evaluate((canvas) => canvas === document.activeElement))
      break;
  }
  await expect(page.getByTestId('heatmap')).toBeFocused();
  await expect(page.getByTestId('tip')).toContainText('slot 0 ');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('tip')).toContainText('slot 129 ');
  await page.keyboard.press('End');
  await expect(page.getByTestId('tip')).toContainText('slot 255 ');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('inspector')).toContainText('Slot 128');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('inspector')).toContainText('Click a slot to pin it');
  // Another scenario.
  const picker = page.getByRole('button', { name: /What runs/ });
  await picker.focus();
  await page.keyboard.press('Enter');
  for (let press = 0; press < 4; press++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => window.bouncescope?.scenario))
    .not.toBe('confidential-vm');
});

test('Space plays and pauses after a click, and presses the button that Tab reached', async ({
  app,
  page,
}) => {
  await app.open();
  await page.getByRole('button', { name: /What runs/ }).click();
  await page.getByRole('button', { name: /^Too small/ }).click();
  await expect(page.getByTestId('heatmap')).toBeFocused();
  await app.stateWhen(({ runState, slots }) => runState === 'playing' && slots === 2048);
  await page.keyboard.press('Space');
  await app.stateWhen(({ runState }) => runState === 'paused');
  await expect(page.locator('#picker')).toBeHidden();
  await page.getByRole('button', { name: 'table' }).click();
  await page.keyboard.press('Space');
  await app.stateWhen(({ runState }) => runState === 'playing');
  await expect(page.getByRole('table', { name: /^Areas/ })).toBeVisible();
  const restart = page.getByRole('button', { name: 'Restart' });
  await page.keyboard.press('Tab');
  await restart.focus();
  const before = await app.stateWhen(({ timeNs }) => timeNs > 0);
  await page.keyboard.press('Space');
  await app.stateWhen(({ timeNs }) => timeNs < before.timeNs);
});

test('keys leave a text field alone', async ({ app, page }) => {
  await app.open();
  const field = page.getByRole('textbox', { name: 'Kernel command line' });
  await field.fill('');
  await field.pressSequentially('k 0 1 wasd [?');
  await expect(field).toHaveValue('k 0 1 wasd [?');
  expect((await app.state()).runState).toBe('playing');
});

test('whatever has the focus shows it', async ({ app, page }) => {
  await app.open();
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return 'nothing';
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
        ? 'seen'
        : `${element.tagName} ${element.textContent}`;
    });
    expect(seen).toMatch(/^(seen|nothing)$/);
  }
});

test('the memory is spoken, as a summary and as tables', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  await expect(page.getByTestId('heatmap')).toHaveAccessibleDescription(
    /Default pool, 32,768 slots in 8 areas: [\d,]+ used \(.*\).*Areas: 0 .*Slots held: nvme0/,
  );
  const { used } = await app.state();
  await page.getByRole('button', { name: 'table' }).click();
  const areas = page.getByRole('table', { name: /^Areas/ });
  await expect(areas.getByRole('row')).toHaveCount(9);
  const cells = await areas.locator('tbody tr td:nth-child(3)').allInnerTexts();
  expect(cells.reduce((sum, cell) => sum + Number(cell.replaceAll(',', '')), 0)).toBe(used);
  await expect(page.getByRole('table', { name: 'Runs of area 0' })).toContainText('nvme');
});
