import { expect, test } from './page.ts';

/** The point of each throttling scenario, seen in the numbers of the running page. */

const opened = [
  ['spike', 'rfc'],
  ['slop', 'rfc'],
  ['hysteresis', 'rfc'],
  ['snail-and-cheetah', 'rfc'],
  ['lost-wake-up', 'wake-below'],
  ['every-unmap-wakes', 'wake-any'],
  ['thundering-herd', 'wake-all'],
  ['network-exhausts', 'rfc'],
  ['serialising', 'none'],
  ['wait-then-grow', 'timeout-grow'],
  ['throttled-transient', 'rfc'],
  ['polling', 'rfc'],
  ['batch-deadlock', 'rfc'],
  ['doorbell-stall', 'rfc'],
] as const;

for (const [scenario, policy] of opened) {
  test(`${scenario} opens under ${policy}, says what to watch and where it was argued`, async ({
    app,
    page,
  }) => {
    await app.open({ scenario });
    const state = await app.stateWhen(({ maps }) => maps > 0);
    expect(state.throttle.policy).toBe(policy);
    await expect(page.getByTestId('watch')).toContainText(/Watch .+\./);
    await expect(page.getByTestId('argument')).toContainText(/.{20,}/);
  });
}

test('spike: requests are throttled, the peak stays near the threshold, nothing fails', async ({
  app,
}) => {
  await app.open({ scenario: 'spike' });
  const state = await app.stateWhen(({ throttle }) => throttle.report.slept > 50, 30_000);
  expect(state.failedMaps).toBe(0);
  expect(state.hiwater).toBeLessThan(state.throttle.highThrottle + 500);
});

test('slop: the peak overshoots by many requests of 126 slots', async ({ app }) => {
  await app.open({ scenario: 'slop' });
  const state = await app.stateWhen(({ throttle }) => throttle.waiting > 10, 30_000);
  expect(state.hiwater - state.throttle.highThrottle).toBeGreaterThan(10 * 126);
});

test('snail and cheetah: a queue stands while half the memory is free', async ({ app }) => {
  await app.open({ scenario: 'snail-and-cheetah' });
  const state = await app.stateWhen(
    ({ throttle, used, nslabs }) => throttle.waiting >= 5 && used < nslabs / 2,
    60_000,
  );
  expect(state.throttle.semCount).toBe(0);
});

test('lost wake-up: somebody sleeps beside a nearly empty pool', async ({ app }) => {
  await app.open({ scenario: 'lost-wake-up' });
  await app.stateWhen(
    ({ throttle, used }) =>
      throttle.waiting > 0 && used < throttle.lowThrottle / 4 && throttle.report.starved > 0,
    60_000,
  );
});

test('thundering herd: most wake-ups are in vain', async ({ app }) => {
  await app.open({ scenario: 'thundering-herd' });
  const { throttle } = await app.stateWhen((state) => state.throttle.report.wakeUps > 1000, 30_000);
  expect(throttle.report.vainWakeUps / throttle.report.wakeUps).toBeGreaterThan(0.5);
});

test('the deadlock: 24 requests mapped, none told of, the rest wait', async ({ app }) => {
  await app.open({ scenario: 'batch-deadlock' });
  const state = await app.stateWhen(({ throttle }) => throttle.waiting > 0, 30_000);
  expect(state.used).toBe(768);
  expect(state.throttle.semCount).toBe(0);
  expect(state.devices[0]?.unrung).toBe(24);
  expect(state.devices[0]?.done).toBe(0);
});
