import { expect, test } from './page.ts';

test('pauses, steps one event at a time, and plays on', async ({ app, page }) => {
  await app.open();
  await page.getByRole('button', { name: 'Pause' }).click();
  const paused = await app.stateWhen(({ runState }) => runState === 'paused');
  await page.waitForTimeout(300);
  expect((await app.state()).event).toBe(paused.event);
  const step = page.getByRole('button', { name: 'One event forward' });
  await step.click();
  await app.stateWhen(({ event }) => event === paused.event + 1);
  await step.click();
  await step.click();
  const stepped = await app.stateWhen(({ event }) => event === paused.event + 3);
  await expect(page.getByTestId('clock')).toContainText(
    `event ${stepped.event.toLocaleString('en-US')}`,
  );
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await app.stateWhen(({ event, runState }) => runState === 'playing' && event > stepped.event);
});

test('a step while it runs pauses it', async ({ app, page }) => {
  await app.open();
  await page.getByRole('button', { name: 'One event forward' }).click();
  const stepped = await app.stateWhen(({ runState }) => runState === 'paused');
  await page.waitForTimeout(300);
  expect((await app.state()).event).toBe(stepped.event);
});

test('restart begins at the beginning', async ({ app, page }) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ timeNs }) => timeNs > 40e6);
  await page.getByRole('button', { name: 'Restart' }).click();
  const again = await app.stateWhen(({ timeNs }) => timeNs < 30e6);
  expect(again.runState).toBe('playing');
});

test('the dial decides how fast virtual time runs', async ({ app, page }) => {
  await app.open();
  const dial = page.getByRole('slider', { name: 'Speed' });
  const advanceNs = async (position: string) => {
    await dial.fill(position);
    const from = (await app.state()).timeNs;
    const beganMs = Date.now();
    await page.waitForTimeout(700);
    return ((await app.state()).timeNs - from) / (Date.now() - beganMs);
  };
  const slow = await advanceNs('1');
  const medium = await advanceNs('2');
  expect(medium / slow).toBeGreaterThan(4);
  expect(medium / slow).toBeLessThan(25);
  await expect(dial).toHaveAttribute('aria-valuetext', '1/100 of real time');
});

test('at the lowest speed single events pass', async ({ app, page }) => {
  await app.open();
  await page.getByRole('slider', { name: 'Speed' }).fill('0');
  await page.waitForTimeout(200);
  const before = await app.state();
  await page.waitForTimeout(2200);
  const passed = (await app.state()).event - before.event;
  expect(passed).toBeGreaterThanOrEqual(1);
  expect(passed).toBeLessThanOrEqual(4);
});

test('the same scenario comes to the same state twice', async ({ app, page }) => {
  const hashes: string[] = [];
  for (let time = 0; time < 2; time++) {
    await app.open({ scenario: 'stuck', reducedMotion: true });
    for (let step = 0; step < 20; step++) {
      const { event } = await app.state();
      await page.getByRole('button', { name: 'One event forward' }).click();
      await app.stateWhen((state) => state.event === event + 1);
    }
    hashes.push(await app.hash());
  }
  expect(hashes[0]).toMatch(/^[0-9a-f-]{8,}$/);
  expect(hashes[1]).toBe(hashes[0]);
});

/** Says what the timeline's labels say, as soon as they are painted. */
function listenToLabels() {
  const said: Record<string, string> = {};
  // Called with the context it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function listening(text, ...place) {
    const [, used] = /^used ([\d,]+)$/.exec(text) ?? [];
    const [, peak] = /^peak ([\d,]+)$/.exec(text) ?? [];
    const [, failed] = /^([\d,]+) map failures?$/.exec(text) ?? [];
    if (used !== undefined) said['used'] = used;
    if (peak !== undefined) said['peak'] = peak;
    if (failed !== undefined) said['failed'] = failed;
    write.call(this, text, ...place);
  };
  Object.assign(window, { said });
}

/** A label of the timeline, and the test ids of what says the same number. */
const SAME = [
  ['used', 'used', 'io_tlb_used'],
  ['peak', 'io_tlb_used_hiwater'],
  ['failed', 'counter-failed'],
] as const;

/** For some screens: what each of them says of the same number, in all places. */
function sayings(same: typeof SAME): Promise<string[][]> {
  const { said } = window as unknown as { said: Record<string, string> };
  return new Promise((resolve) => {
    const all: string[][] = [];
    const look = () => {
      for (const [label, ...ids] of same) {
        const texts = ids.map((id) => document.querySelector(`[data-testid="${id}"]`)?.textContent);
        all.push([said[label], ...texts].map((text) => (text ?? '').replaceAll(',', '')));
      }
      if (all.length >= 120 * same.length) resolve(all);
      // After the frame's own work, and after what it left to do.
      else requestAnimationFrame(() => setTimeout(look));
    };
    look();
  });
}

test('the screen says one moment: timeline, gauge and debugfs agree while time runs', async ({
  app,
  page,
}) => {
  await page.addInitScript(listenToLabels);
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ failedMaps }) => failedMaps > 50);
  const all = await page.evaluate(sayings, SAME);
  expect(all.filter((said) => new Set(said).size !== 1)).toEqual([]);
  expect(new Set(all.map((said) => said.join())).size).toBeGreaterThan(10);
});
