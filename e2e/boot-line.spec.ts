import { expect, test } from './page.ts';

/** What is typed, what each part is said to do, and what comes out on 8 CPUs and 1 GiB. */
const LINES = [
  {
    line: 'swiotlb=0x4000,4,force',
    rows: ['hexadecimal, 16,384', 'areas, each with a lock of its own', 'every device copies'],
    nslabs: 16_384,
    nareas: 4,
  },
  { line: 'swiotlb=force,16384', rows: ['ignored without a word'], nslabs: 32_768, nareas: 8 },
  {
    line: 'swiotlb=08000',
    rows: ['a leading 0 means octal, so this is 0', 'rounded up to 8,192'],
    nslabs: 1_048_576,
    nareas: 8192,
  },
  { line: 'swiotlb=1g', rows: ['128 · 256 KiB', 'ignored'], nslabs: 1024, nareas: 8 },
  { line: '', rows: ['No swiotlb= here'], nslabs: 32_768, nareas: 8 },
] as const;

for (const { line, rows, nslabs, nareas } of LINES) {
  test(`explains “${line}” and boots what it says`, async ({ app, page }) => {
    await app.open();
    const field = page.getByRole('textbox', { name: 'Kernel command line' });
    await field.fill(line);
    for (const row of rows) await expect(page.locator('.boot-rows')).toContainText(row);
    const outcome = page.locator('.boot-outcome');
    // 2 GiB do not fit into 1 GiB of memory: the kernel halves until they do.
    if (nslabs * 2048 < 2 ** 30) {
      await expect(outcome).toContainText(`${nslabs.toLocaleString('en-US')} slots`);
    }
    const said = Number(/([\d,]+) slots/.exec(await outcome.innerText())?.[1]?.replaceAll(',', ''));
    await page.getByRole('button', { name: 'Reboot with this' }).click();
    const state = await app.stateWhen((now) => now.nslabs === said && now.timeNs > 0);
    expect(state.pools[0]?.nareas).toBeLessThanOrEqual(nareas);
    await expect(page.getByRole('button', { name: 'Reboot with this' })).toHaveCount(0);
  });
}

test('changing a control rewrites the line, editing the line moves the controls', async ({
  app,
  page,
}) => {
  await app.open();
  const field = page.getByRole('textbox', { name: 'Kernel command line' });
  await field.fill('quiet');
  await page.getByRole('combobox', { name: 'slots' }).selectOption('4096');
  await expect(field).toHaveValue('quiet swiotlb=4096');
  await page.getByRole('combobox', { name: 'areas' }).selectOption('2');
  await page.getByRole('combobox', { name: 'Bouncing' }).selectOption('force');
  await expect(field).toHaveValue('quiet swiotlb=4096,2,force');
  await field.fill('swiotlb=512,,noforce quiet');
  await expect(page.getByRole('combobox', { name: 'slots' })).toHaveValue('512');
  await expect(page.getByRole('combobox', { name: 'areas' })).toHaveValue('null');
  await expect(page.getByRole('combobox', { name: 'Bouncing' })).toHaveValue('noforce');
  await page.getByRole('combobox', { name: 'slots' }).selectOption('null');
  await expect(field).toHaveValue('swiotlb=noforce quiet');
});

test('every part is underlined where it stands', async ({ app, page }) => {
  await app.open();
  await page.getByRole('textbox', { name: 'Kernel command line' }).fill('a swiotlb=512,2,forced');
  const texts = await page.locator('.boot-reading .part').allInnerTexts();
  expect(texts).toEqual(['512', '2', 'forced']);
  await expect(page.locator('.boot-reading .ignored')).toHaveText('forced');
});

test('Enter reboots, Undo brings the old line back', async ({ app, page }) => {
  await app.open();
  const field = page.getByRole('textbox', { name: 'Kernel command line' });
  await field.fill('swiotlb=1024,1');
  await field.press('Enter');
  await app.stateWhen(({ nslabs }) => nslabs === 1024);
  await field.fill('swiotlb=2048');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(field).toHaveValue('swiotlb=1024,1');
});

test('other hardware is another machine', async ({ app, page }) => {
  await app.open();
  await page.getByRole('combobox', { name: 'RAM' }).selectOption('8192');
  await page.getByRole('combobox', { name: 'CPUs' }).selectOption('2');
  await expect(page.locator('.boot-outcome')).toContainText('262,144 slots · 512 MiB in 2 areas');
  await page.getByRole('button', { name: 'Reboot with this' }).click();
  const state = await app.stateWhen(({ nslabs }) => nslabs === 262_144);
  expect(state.cpus).toBe(2);
});

test('without a pool the page says so and goes on', async ({ app, page }) => {
  await app.open();
  const field = page.getByRole('textbox', { name: 'Kernel command line' });
  await field.fill('swiotlb=noforce');
  await field.press('Enter');
  const state = await app.stateWhen(({ nslabs, timeNs }) => nslabs === 0 && timeNs > 0);
  expect(state.pools).toEqual([]);
  await expect(page.getByTestId('no-pool')).toBeVisible();
  await expect(page.locator('.narrator')).toContainText('No memory was set aside');
  await field.fill('');
  await field.press('Enter');
  await app.stateWhen(({ nslabs, maps }) => nslabs === 32_768 && maps > 0);
  await expect(page.getByTestId('no-pool')).toHaveCount(0);
});
