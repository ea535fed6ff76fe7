import { expect, test, type App } from './page.ts';

/** An address as the page writes it. */
const hex = (value: number) => `0x${value.toString(16).padStart(9, '0')}`;

/** Pauses on a filled memory and pins a used slot, by walking from the first one. */
async function pinUsed({ page }: App) {
  await page.getByTestId('heatmap').focus();
  await page.keyboard.press('ArrowRight');
  for (let row = 0; row < 32; row++) {
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => window.bouncescope?.pinned !== null)).toBe(true);
    const story = await page.evaluate(() => window.bouncescope?.pinned ?? null);
    if (story?.mapping) return { story, mapping: story.mapping };
    await page.keyboard.press('ArrowDown');
  }
  throw new Error('no used slot in the first rows');
}

test('the inspector says what the model says', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  const { story, mapping } = await pinUsed(app);
  const inspector = page.getByTestId('inspector');
  await expect(inspector.getByRole('heading', { level: 2 })).toContainText(
    `Slot ${story.at.slot.toLocaleString('en-US')}`,
  );
  await expect(inspector.getByTestId('field-list')).toHaveText(String(story.list));
  await expect(inspector.getByTestId('field-alloc_size')).toHaveText(String(story.allocSize));
  await expect(inspector.getByTestId('field-orig_addr')).toHaveText(hex(story.origAddr ?? 0));
  await expect(inspector.getByTestId('field-pad_slots')).toHaveText(String(story.padSlots));
  await expect(inspector.getByTestId('inspect-bus')).toHaveText(hex(story.bus));
  await expect(inspector.getByTestId('inspect-begins-at')).toHaveText(hex(mapping.tlbAddr));
  await expect(inspector.getByTestId('inspect-original')).toContainText(hex(mapping.origAddr));
  await expect(inspector.getByTestId('inspect-where')).toContainText(`area ${story.area}`);
  await expect(inspector.getByTestId('inspect-run')).toContainText(
    `${mapping.nslots.toLocaleString('en-US')} slot`,
  );
  await expect(inspector.getByText('Why here?')).toBeVisible();
});

test('the four fields agree with each other as the kernel keeps them', async ({ app }) => {
  await app.open({ reducedMotion: true });
  const { story, mapping } = await pinUsed(app);
  const into = story.at.slot - mapping.first;
  expect(story.list).toBe(0);
  expect(story.bus).toBe(Math.floor(mapping.tlbAddr / 2048) * 2048 + into * 2048);
  expect(story.origAddr).toBe(mapping.origAddr + into * 2048);
});

test('a free slot has no address and counts the free ones behind it', async ({ app, page }) => {
  await app.open({ scenario: 'everyday-64bit', reducedMotion: true });
  await page.getByTestId('heatmap').focus();
  await page.keyboard.press('Enter');
  const inspector = page.getByTestId('inspector');
  await expect(inspector.getByTestId('field-list')).toHaveText('128');
  await expect(inspector.getByTestId('field-orig_addr')).toHaveText('INVALID');
  await page.keyboard.press('Escape');
  await expect(inspector).toContainText('Click a slot to pin it');
});

test('hovering tells about a slot, clicking pins it, clicking again lets go', async ({
  app,
  page,
}) => {
  await app.open({ reducedMotion: true });
  const canvas = page.getByTestId('heatmap');
  await canvas.hover({ position: { x: 300, y: 60 } });
  const tip = page.getByTestId('tip');
  await expect(tip).toContainText(/slot [\d,]+ · area \d+ row \d+ \+\d+/);
  const said = /slot ([\d,]+)/.exec(await tip.innerText())?.[1];
  await canvas.click({ position: { x: 300, y: 60 } });
  await expect(page.getByTestId('inspector')).toContainText(`Slot ${said}`);
  await expect(tip).toContainText('pinned: click lets go');
  await canvas.click({ position: { x: 300, y: 60 } });
  await expect(page.getByTestId('inspector')).toContainText('Click a slot to pin it');
});

test('zooming in shows the fields of slots, 0 fits all again', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  const picture = () =>
    page.getByTestId('heatmap').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const fit = await picture();
  for (let press = 0; press < 12; press++) await page.keyboard.press('w');
  await expect.poll(picture).not.toBe(fit);
  await page.keyboard.press('d');
  await page.keyboard.press('0');
  await expect.poll(picture).toBe(fit);
});

test('Ctrl and wheel zooms at the pointer, the wheel and a drag pan', async ({ app, page }) => {
  await app.open({ reducedMotion: true });
  const canvas = page.getByTestId('heatmap');
  const slotUnder = async (x: number, y: number) => {
    await canvas.hover({ position: { x, y } });
    const text = await page.getByTestId('tip').innerText();
    return /slot ([\d,]+)/.exec(text)?.[1];
  };
  const before = await slotUnder(300, 60);
  await page.keyboard.down('Control');
  for (let notch = 0; notch < 6; notch++) await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await canvas.hover({ position: { x: 302, y: 61 } });
  expect(await slotUnder(300, 60)).toBe(before);
  await page.mouse.wheel(0, 150);
  await canvas.hover({ position: { x: 302, y: 61 } });
  const panned = await slotUnder(300, 60);
  expect(panned).not.toBe(before);
  await page.mouse.down();
  await page.mouse.move(700, 420, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByTestId('inspector')).toContainText('Click a slot to pin it');
  await canvas.hover({ position: { x: 302, y: 61 } });
  expect(await slotUnder(300, 60)).not.toBe(panned);
});

test('debugfs shows the kernel’s numbers, takes 0, and refuses all else', async ({ app, page }) => {
  await app.open();
  await app.stateWhen(({ hiwater }) => hiwater > 1000);
  await page.keyboard.press('k');
  const before = await app.stateWhen(({ runState }) => runState === 'paused');
  await expect(page.getByTestId('io_tlb_used_hiwater')).toHaveText(String(before.hiwater));
  await expect(page.getByTestId('io_tlb_nslabs')).toHaveText(String(before.nslabs));
  const field = page.getByRole('textbox', { name: 'Shell command' });
  await field.fill('echo 1 > io_tlb_used_hiwater');
  await field.press('Enter');
  await expect(page.getByText('sh: write error: Invalid argument')).toBeVisible();
  expect((await app.state()).hiwater).toBe(before.hiwater);
  await field.fill('echo 0 > io_tlb_used_hiwater');
  await field.press('Enter');
  await app.stateWhen(({ hiwater }) => hiwater === 0);
  await expect(page.getByTestId('io_tlb_used_hiwater')).toHaveText('0');
});
