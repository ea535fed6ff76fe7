import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GateDriver } from '../testing/gate-driver.ts';
import { THREADS, type GateDraw, type GateOp } from '../testing/gate-thread.ts';
import { POLICY_IDS, type PolicyId } from './throttle-policies.ts';

const machines: fc.Arbitrary<GateDraw> = fc.record({
  nareas: fc.constantFrom(1, 2, 4),
  areaSlots: fc.constantFrom(8, 16, 30, 64),
  restrictedSlots: fc.integer({ min: 4, max: 40 }),
  dynamic: fc.boolean(),
  refuseEvery: fc.constantFrom(0, 1, 2, 3),
});

/** Mostly a few slots. Data begins anywhere in 64 KiB, so that offsets and padding differ. */
const entry = fc.record({
  bytes: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 8000 }) },
    fc.integer({ min: 1, max: 40_000 }),
  ),
  orig: fc.nat(0xffff).map((low) => 2 ** 33 + low),
});
const request = fc.record({
  // The one of short reach maps in vain most times.
  device: fc.oneof({ weight: 7, arbitrary: fc.constantFrom(0, 0, 1, 2, 4, 4) }, fc.constant(3)),
  mayBlock: fc.constantFrom(true, true, false),
  allocAlign: fc.constantFrom(0, 0, 0, 4095, 8191),
  entries: fc.oneof(fc.tuple(entry), fc.tuple(entry, entry), fc.tuple(entry, entry, entry)),
});

const thread = fc.nat(THREADS - 1);
const run = fc.record({
  kind: fc.constant('run' as const),
  thread,
  steps: fc.integer({ min: 1, max: 9 }),
  cpu: fc.nat(5),
  request,
});
const unmap = fc.record({
  kind: fc.constant('unmap' as const),
  list: fc.nat(20),
  late: fc.boolean(),
});
const tell = fc.record({ kind: fc.constant('tell' as const), which: fc.nat(5) });
const set = fc.record({
  kind: fc.constant('set' as const),
  mem: fc.nat(1),
  isHigh: fc.boolean(),
  // 0, above the pool, and low above high among them.
  slots: fc.oneof(fc.nat(60), fc.constantFrom(0, 1000)),
});
const giveUp = fc.record({ kind: fc.constant('giveUp' as const), thread });
const grow = fc.record({ kind: fc.constant('grow' as const) });
const close = fc.record({ kind: fc.constant('close' as const), mem: fc.nat(1) });

const anything: fc.Arbitrary<GateOp> = fc.oneof(
  { weight: 200, arbitrary: run },
  { weight: 60, arbitrary: unmap },
  { weight: 25, arbitrary: tell },
  { weight: 10, arbitrary: set },
  { weight: 12, arbitrary: giveUp },
  { weight: 2, arbitrary: grow },
  { weight: 1, arbitrary: close },
);
const load = fc.array(anything, { maxLength: 250, size: 'max' });
/** Nothing but requests and unmaps: thresholds and allocators stay as they are. */
const calmLoad = fc.array<GateOp>(
  fc.oneof({ weight: 200, arbitrary: run }, { weight: 60, arbitrary: unmap }),
  { maxLength: 250, size: 'max' },
);

/** `npm run soak` sets the flag. */
const RUNS = process.env['BOUNCESCOPE_SOAK'] === '1' ? 50 : 1;

/** Plays a load with every read fresh. @returns who sleeps when all else is done and unmapped. */
function leftAsleep(policy: PolicyId, draw: GateDraw, ops: readonly GateOp[]): number {
  const driver = new GateDriver(policy, draw, true);
  driver.play(ops);
  return driver.drain();
}

/** How many machines of so many have somebody asleep in an empty pool in the end. */
function losses(policy: PolicyId, machinesTried: number): number {
  const tried = fc.sample(fc.tuple(machines, calmLoad), { numRuns: machinesTried, seed: 22 });
  return tried.filter(([draw, ops]) => leftAsleep(policy, draw, ops) > 0).length;
}

describe.each(POLICY_IDS)('under %s', (policy) => {
  it('gate, slots and marks are what they must be, whatever happens', () => {
    fc.assert(
      fc.property(machines, load, (draw, ops) => {
        const driver = new GateDriver(policy, draw);
        driver.play(ops);
        driver.drain();
        expect(driver.world.ledger.mappings).toEqual([]);
        expect(driver.world.swiotlb.mems.map(({ used }) => used)).toEqual([0, 0]);
      }),
      { numRuns: 120 * RUNS },
    );
  });
});

describe.each(['rfc', 'rfc-high-only'] as const)('under %s', (policy) => {
  it('every throttled request gives back once and nobody is left asleep, whatever happens', () => {
    fc.assert(
      fc.property(machines, load, (draw, ops) => {
        const driver = new GateDriver(policy, draw);
        driver.play(ops);
        expect(driver.drain()).toBe(0);
        for (const { throttle, oracle } of driver.world.gates) {
          // Who was let in by a closing gives back what it never took: once, like all others.
          expect([throttle.semCount, oracle.holders]).toEqual([1 + oracle.letIn, []]);
        }
      }),
      { numRuns: 250 * RUNS },
    );
  });
});

describe('who sleeps for ever', () => {
  // A sleeper under wake-any is woken by one of as many unmaps as slept in front of it, and one more:
  // the driver checks that all along. When unmaps end before, it sleeps on.
  it('is nobody under wake-any while unmaps go on: one for each sleeper is enough', () => {
    fc.assert(
      fc.property(machines, load, (draw, ops) => {
        const driver = new GateDriver('wake-any', draw);
        driver.play(ops);
        for (let asleep = driver.drain(); asleep > 0; asleep--) {
          for (const gate of driver.world.gates) driver.passBy(gate);
          expect(driver.drain()).toBeLessThan(asleep);
        }
      }),
      { numRuns: 150 * RUNS },
    );
  });

  // Only who read a high use, and slept when the last unmap was over, waits for one more unmap.
  it('is nobody under timeout-grow after one more unmap, whatever happened before', () => {
    fc.assert(
      fc.property(machines, load, (draw, ops) => {
        const driver = new GateDriver('timeout-grow', draw);
        driver.play(ops);
        driver.drain();
        for (const gate of driver.world.gates) driver.passBy(gate);
        expect(driver.drain()).toBe(0);
      }),
      { numRuns: 150 * RUNS },
    );
  });

  it.each(['rfc', 'rfc-high-only', 'wake-all', 'timeout-grow'] as const)(
    'is nobody under %s while reads are fresh and thresholds at rest',
    (policy) => {
      fc.assert(
        fc.property(machines, calmLoad, (draw, ops) => {
          expect(leftAsleep(policy, draw, ops)).toBe(0);
        }),
        { numRuns: 120 * RUNS },
      );
    },
  );

  it.each(['wake-below', 'wake-any-above'] as const)(
    'is found under %s by trying loads at random, though reads are fresh and thresholds at rest',
    (policy) => {
      expect(losses(policy, 60)).toBeGreaterThan(0);
    },
  );
});

it('the loads tried reach the rare cases', () => {
  const tried = fc.sample(fc.tuple(machines, load), { numRuns: 150, seed: 8 });
  const met = tried.map(([draw, ops]) => {
    const driver = new GateDriver('rfc', draw);
    driver.play(ops);
    return driver.world.met;
  });
  for (const rare of [
    'slept',
    'low',
    'failed',
    'undone',
    'transient',
    'padded',
    'unreached',
  ] as const) {
    expect
      .soft(
        met.reduce((sum, one) => sum + one[rare], 0),
        rare,
      )
      .toBeGreaterThan(0);
  }
});
