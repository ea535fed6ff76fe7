import { expect, test, type App } from './page.ts';

/** Lets the simulation's worker die of an uncaught error. */
async function crash({ page }: App): Promise<void> {
  const [worker] = page.workers();
  if (!worker) throw new Error('the page has no worker');
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('provoked by a test');
    }, 0);
  });
}

test('a dead worker is started again with the scenario kept, and says so', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'too-small' });
  await app.stateWhen(({ timeNs }) => timeNs > 40e6);
  await crash(app);
  await expect(page.getByTestId('notice')).toContainText(
    'The simulation stopped unexpectedly (Uncaught Error: provoked by a test) and was started again with “Too small”.',
  );
  await app.stateWhen(({ maps, runState }) => runState === 'playing' && maps > 100);
  expect(await page.evaluate(() => window.bouncescope?.scenario)).toBe('too-small');
  app.forgiveFaults();
});

test('a worker that dies again and again waits until something is picked', async ({
  app,
  page,
}) => {
  await app.open();
  for (let time = 0; time < 3; time++) {
    await expect.poll(() => page.workers().length).toBe(1);
    await app.stateWhen(({ maps }) => maps > 0);
    await crash(app);
    await expect(page.getByTestId('notice').last()).toContainText(/stopped/);
    await page.waitForTimeout(300);
  }
  await expect(page.getByTestId('notice').last()).toContainText('several times in a row');
  expect(page.workers()).toHaveLength(0);
  await page.getByRole('button', { name: /What runs/ }).click();
  await page
    .locator('#picker')
    .getByRole('button', { name: /^Stuck/ })
    .click();
  await app.stateWhen(({ maps }) => maps > 0);
  app.forgiveFaults();
});
