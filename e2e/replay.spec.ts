import { expect, test, type App } from './page.ts';
import { linesOf, mappedLine, openBundled, openFile, withLine } from './recordings.ts';

/** Plays a recording that is open as fast as the dial goes. */
async function hurry({ page }: App): Promise<void> {
  await page.getByRole('slider', { name: 'Speed' }).fill('5');
}

for (const { name, decisions } of [
  { name: 'small512-1cpu', decisions: 255 },
  { name: 'tiny512-4cpu', decisions: 1812 },
  { name: 'stuck-1cpu', decisions: 2356 },
]) {
  test(`${name}: every decision as the kernel took it`, async ({ app, page }) => {
    await app.open();
    await openBundled(app, name);
    await app.stateWhen(({ totalDecisions }) => totalDecisions === decisions);
    await hurry(app);
    const end = await app.stateWhen(({ runState }) => runState === 'ended', 40_000);
    expect(end).toMatchObject({ decisions, differences: 0, adopted: 0 });
    const all = decisions.toLocaleString('en-US');
    await expect(page.getByTestId('badge')).toHaveText(
      `${all} of ${all} decisions as recorded on 6.12.117+deb12-amd64; model: Linux 6.12`,
    );
    expect(await page.evaluate(() => window.bouncescope?.scenario)).toBeNull();
    await expect(page.locator('.narrator')).toContainText('every time as the kernel had');
  });
}

test('the recorder’s own words are hidden, the machine is told, and there is a way back', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await openBundled(app, 'small512-1cpu');
  await app.stateWhen(({ totalDecisions }) => totalDecisions > 0);
  const machine = page.getByRole('region', { name: 'Machine' });
  await expect(machine).toContainText('swiotlb=512,force');
  await expect(page.locator('body')).not.toContainText('oracle.');
  await expect(page.getByRole('button', { name: 'Reboot with this' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to “Too small”' }).click();
  await app.stateWhen(({ nslabs, runState }) => nslabs === 2048 && runState === 'playing');
  await expect(page.getByTestId('badge')).toHaveCount(0);
});

test('a recording plays with the transport', async ({ app, page }) => {
  await app.open();
  await openBundled(app, 'small512-1cpu');
  await app.stateWhen(({ totalDecisions }) => totalDecisions > 0);
  await page.getByRole('button', { name: 'Restart' }).click();
  await page.keyboard.press('k');
  const paused = await app.stateWhen(({ runState }) => runState === 'paused');
  await page.keyboard.press('ArrowRight');
  await app.stateWhen(({ event }) => event === paused.event + 1);
});

test('one slot changed is caught at that event, shown, and can be stepped past', async ({
  app,
  page,
}) => {
  const lines = linesOf('small512-1cpu');
  const line = mappedLine(lines, 200);
  const tampered = withLine(lines, line, (fields) => ({
    ...fields,
    slot: Number(fields['slot']) + 2,
    ret: `0x${(Number(fields['ret']) + 4096).toString(16)}`,
  }));
  await app.open();
  await openFile(app, 'tampered.jsonl.gz', tampered);
  await app.stateWhen(({ totalDecisions }) => totalDecisions === 255);
  await hurry(app);
  const stopped = await app.stateWhen(({ runState }) => runState === 'difference', 20_000);
  expect(stopped.differences).toBe(1);
  const difference = page.getByTestId('difference');
  await expect(difference).toContainText(`in line ${line.toLocaleString('en-US')}`);
  await expect(difference.getByTestId('expected')).not.toHaveText('');
  await expect(difference.getByTestId('got')).not.toHaveText(
    await difference.getByTestId('expected').innerText(),
  );
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeDisabled();
  await difference.getByRole('button', { name: 'Step past it' }).click();
  await expect(difference).toHaveCount(0);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const next = await app.stateWhen(
    ({ runState, event }) => event > stopped.event && runState !== 'paused',
  );
  expect(next.differences).toBeGreaterThanOrEqual(1);
});

test('a recording dropped on the page is replayed', async ({ app, page }) => {
  await app.open();
  const text = linesOf('small512-1cpu').join('\n');
  await page.evaluate((recording) => {
    const data = new DataTransfer();
    data.items.add(new File([recording], 'dropped.jsonl'));
    const drag = (type: string) =>
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true }));
    drag('dragenter');
    drag('drop');
  }, text);
  await app.stateWhen(({ totalDecisions }) => totalDecisions === 255);
  await expect(page.getByRole('heading', { name: /^Recording/ })).toContainText('dropped.jsonl');
});
