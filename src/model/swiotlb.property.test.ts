import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildMachine, testRandom, type MachineDraw } from '../testing/random-machine.ts';
import { at } from './array.ts';
import type { DmaDemands } from './device.ts';
import type { Pool } from './pool.ts';
import { Swiotlb } from './swiotlb.ts';
import { FAILED } from './units.ts';

/** `npm run soak` asks for ten million. */
const OPERATIONS = Number(process.env['BOUNCESCOPE_OPERATIONS'] ?? 200_000);
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
    basePage: fc.integer({ min: 1, max: 2 ** 20 }),
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
        const pair = new Pair(draw);
        for (let step = 0; step < PER_MACHINE; step++) pair.step();
        pair.compareEverySlot();
      }),
      { numRuns: Math.ceil(OPERATIONS / PER_MACHINE) },
    );
  },
  Math.max(120_000, OPERATIONS / 2),
);

/** The same machine twice, and the mappings that live on it. */
class Pair {
  readonly #fast: Swiotlb;
  readonly #slow: Swiotlb;
  readonly #random: () => number;
  readonly #live: { readonly device: number; readonly tlb: number }[] = [];
  #steps = 0;

  constructor(draw: MachineDraw) {
    this.#fast = buildMachine(draw, 'fast');
    this.#slow = buildMachine(draw, 'reference');
    this.#random = testRandom(draw.seed);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  step(): void {
    this.#steps++;
    // Waves of filling and draining, so that both crowded and roomy pools are met.
    const filling = Math.floor(this.#steps / 120) % 2 === 0 ? 0.7 : 0.4;
    const roll = this.#random();
    if (roll < 0.02) this.#grow();
    else if (roll < filling || this.#live.length === 0) this.#map();
    else this.#unmap();
    this.#compareCounters();
    if (this.#steps % 97 === 0) this.compareEverySlot();
  }

  #map(): void {
    const device = this.#below(this.#fast.devices.length);
    const cpu = this.#below(9);
    const size = this.#size();
    const orig = this.#random() < 0.05 ? 0 : 2 ** 32 + this.#below(2 ** 31);
    const mask = at([0, 0, 0, 1, 2047, 4095, 8191, 65_535, 262_143], this.#below(9));
    const whole = this.#random() < 0.3;
    const run = (machine: Swiotlb): number => {
      const who = deviceOf(machine, device);
      if (who.mem.forAlloc && whole) return machine.allocPages(who, cpu, size);
      if (whole) return machine.map(who, cpu, orig, size);
      return machine.tblMapSingle(who, cpu, orig, size, mask);
    };
    const tlb = run(this.#fast);
    expect(run(this.#slow)).toBe(tlb);
    const { pool: fastPool, ...fast } = this.#fast.outcome;
    const { pool: slowPool, ...slow } = this.#slow.outcome;
    expect(fast).toEqual(slow);
    expect(fastPool?.id).toBe(slowPool?.id);
    if (tlb === FAILED || fastPool === null || slowPool === null) return;
    this.#live.push({ device, tlb });
    for (let slot = fast.slot; slot < fast.slot + fast.nslots; slot++) {
      compareSlot(fastPool, slowPool, slot);
    }
  }

  /** Mostly a few slots, sometimes up to a whole segment, now and then too much. */
  #size(): number {
    const roll = this.#random();
    if (roll < 0.02) return 262_144 + this.#below(8192);
    if (roll < 0.1) return 1 + this.#below(262_144);
    return 1 + this.#below(roll < 0.5 ? 6000 : 40_000);
  }

  #unmap(): void {
    const index = this.#below(this.#live.length);
    const [mapping] = this.#live.splice(index, 1);
    if (mapping === undefined) return;
    for (const machine of [this.#fast, this.#slow]) {
      expect(machine.unmap(deviceOf(machine, mapping.device), mapping.tlb)).toBe(true);
    }
    expect({ ...this.#fast.releasing, pool: 0 }).toEqual({ ...this.#slow.releasing, pool: 0 });
  }

  #grow(): void {
    expect(this.#fast.startWorker()).toBe(this.#slow.startWorker());
    expect(this.#fast.grow()?.id).toBe(this.#slow.grow()?.id);
  }

  #compareCounters(): void {
    for (const [index, fast] of this.#fast.mems.entries()) {
      const slow = this.#slow.mems[index];
      const counters = (mem: typeof fast) => [
        mem.used,
        mem.hiwater,
        mem.nslabs,
        mem.transientNslabs,
      ];
      expect(counters(fast)).toEqual(slow && counters(slow));
    }
  }

  compareEverySlot(): void {
    expect(this.#fast.pools.length).toBe(this.#slow.pools.length);
    for (const [index, fast] of this.#fast.pools.entries()) {
      const slow = this.#slow.pools[index];
      if (slow === undefined) throw new RangeError(`pool ${index} is missing`);
      expect(fast.areaUsed).toEqual(slow.areaUsed);
      expect(fast.areaIndex).toEqual(slow.areaIndex);
      for (let slot = 0; slot < fast.nslabs; slot++) compareSlot(fast, slow, slot);
    }
  }
}

function deviceOf(machine: Swiotlb, index: number) {
  const device = machine.devices[index];
  if (device === undefined) throw new RangeError(`no device ${index}`);
  return device;
}

/** Plain comparisons first: `expect` on every slot would take longer than all the rest. */
function compareSlot(fast: Pool, slow: Pool, slot: number): void {
  const fields = ({ table }: Pool) => [
    table.list(slot),
    table.allocSize(slot),
    table.origAddr(slot),
    table.padSlots(slot),
    table.runStart(slot),
    table.tag(slot),
  ];
  const got = fields(fast);
  const wanted = fields(slow);
  if (got.some((value, index) => value !== wanted[index])) {
    expect({ pool: fast.id, slot, fields: got }).toEqual({ pool: slow.id, slot, fields: wanted });
  }
}
