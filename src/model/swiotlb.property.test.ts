import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MachinePair } from '../testing/machine-pair.ts';
import type { MachineDraw } from '../testing/random-machine.ts';
import type { DmaDemands } from './device.ts';

/** `npm run soak` sets the flag. */
const OPERATIONS = process.env['BOUNCESCOPE_SOAK'] === '1' ? 10_000_000 : 200_000;
const PER_MACHINE = 500;

const lowMask = (max: number) => fc.integer({ min: 0, max }).map((bits) => 2 ** bits - 1);

const demands: fc.Arbitrary<DmaDemands> = fc.record({
  minAlignMask: fc.oneof(fc.constant(0), fc.constant(4095), lowMask(18)),
  segBoundary: fc.oneof(
    fc.constant(Infinity),
    fc.constant(0xffff_ffff),
    fc.integer({ min: 9, max: 40 }).map((bits) => 2 ** bits - 1),
  ),
  dmaMask: fc.constantFrom(Infinity, 0xffff_ffff, 0x3fff_ffff, 2 ** 36 - 1),
  coherentMask: fc.constantFrom(Infinity, 0xffff_ffff),
  busLimit: fc.constantFrom(0, 0, 0x7fff_ffff),
});

/** Mostly small and crowded, with area sizes that are no whole number of segments among them. */
const shape = fc.oneof(
  fc.record({ nareas: fc.constantFrom(1, 2, 4, 8), areaSlots: fc.constantFrom(128, 256, 512) }),
  fc.record({
    nareas: fc.integer({ min: 1, max: 9 }),
    areaSlots: fc.integer({ min: 8, max: 300 }),
  }),
);

const machines: fc.Arbitrary<MachineDraw> = fc
  .record({
    shape,
    // Below 16 MiB or far above 4 GiB, where no grown pool of the test's page allocator lies.
    basePage: fc.oneof(
      fc.integer({ min: 1, max: 2 ** 11 }),
      fc.integer({ min: 2 ** 29, max: 2 ** 30 }),
    ),
    dynamic: fc.boolean(),
    defaultNslabs: fc.constantFrom(512, 1024, 4096),
    defaultNareas: fc.constantFrom(1, 4, 8, 32),
    restrictedSlots: fc.integer({ min: 1, max: 600 }),
    devices: fc.array(demands, { minLength: 1, maxLength: 4 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  })
  .map(({ shape: { nareas, areaSlots }, ...rest }) => ({
    ...rest,
    nareas,
    nslabs: nareas * areaSlots,
  }));

it(
  'both slot tables decide and derive the same under any load',
  () => {
    fc.assert(
      fc.property(machines, (draw) => {
        expect(new MachinePair(draw).run(PER_MACHINE)).toBe(null);
      }),
      { numRuns: Math.ceil(OPERATIONS / PER_MACHINE) },
    );
  },
  Math.max(120_000, OPERATIONS / 2),
);
