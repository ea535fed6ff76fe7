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

test('two thresholds: with high alone, beside it, newcomers overtake; here none does', async ({
  app,
}) => {
  await app.open({ scenario: 'hysteresis' });
  const { throttle } = await app.stateWhen(
    (state) => (state.throttle.shadow?.overtookAbove ?? 0) > 10,
    60_000,
  );
  expect(throttle.report.overtookAbove).toBe(0);
  expect(throttle.shadow?.policy).toBe('rfc-high-only');
});

test('every unmap wakes one: the use climbs far above the threshold, beside it not', async ({
  app,
}) => {
  await app.open({ scenario: 'every-unmap-wakes' });
  const { throttle } = await app.stateWhen((state) => state.throttle.report.gaveBack > 100, 60_000);
  expect(throttle.report.peak - throttle.highThrottle).toBeGreaterThan(5 * 126);
  expect(throttle.shadow?.gaveBack).toBe(0);
});

test('the network takes it all: packets drop, and throttled maps give the semaphore back', async ({
  app,
}) => {
  await app.open({ scenario: 'network-exhausts' });
  const state = await app.stateWhen(({ throttle }) => throttle.report.gaveBack > 5, 60_000);
  expect(state.devices[1]?.dropped).toBeGreaterThan(0);
  expect(state.devices[0]?.ioErrors).toBe(0);
});

test('one CPU is enough: maps fail without throttling, beside it none does', async ({ app }) => {
  await app.open({ scenario: 'serialising' });
  const state = await app.stateWhen(({ failedMaps }) => failedMaps > 10, 60_000);
  expect(state.cpus).toBe(1);
  expect(state.throttle.shadow?.failedMaps).toBe(0);
});

test('wait, then grow: waits are given up, pools are added, the thresholds stay', async ({
  app,
}) => {
  await app.open({ scenario: 'wait-then-grow' });
  const state = await app.stateWhen(({ throttle }) => throttle.report.timedOut > 3, 60_000);
  expect(state.throttle.report.pools).toBeGreaterThan(0);
  expect(state.nslabs).toBeGreaterThan(2048);
  expect(state.throttle.highThrottle).toBe(state.throttle.defaultHigh);
});

test('throttled, then transient: a throttled request lies in a pool of its own', async ({
  app,
}) => {
  await app.open({ scenario: 'throttled-transient' });
  const state = await app.stateWhen(({ pools, throttle }) => {
    const own = pools.filter(({ kind }) => kind === 'transient').map(({ id }) => id);
    return throttle.inside.some(({ pool }) => own.includes(pool));
  }, 60_000);
  expect(state.transientNslabs).toBeGreaterThan(0);
});

test('asleep, not polling: finished requests keep their slots', async ({ app }) => {
  await app.open({ scenario: 'polling' });
  const state = await app.stateWhen(({ devices: [disk] }) => (disk?.unreaped ?? 0) > 5, 60_000);
  expect(state.devices[0]?.blockedTasks).toBe(state.devices[0]?.tasks);
});

test('nobody rings the bell: mapped requests stand while memory is free', async ({ app }) => {
  await app.open({ scenario: 'doorbell-stall' });
  const state = await app.stateWhen(
    ({ devices: [disk], throttle, used, nslabs }) =>
      (disk?.unrung ?? 0) > 0 && throttle.waiting > 0 && used < nslabs / 2,
    60_000,
  );
  expect(state.throttle.semCount).toBe(0);
});
