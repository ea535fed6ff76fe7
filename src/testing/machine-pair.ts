/**
 * One machine built twice, with the fast and with the reference slot table, driven alike and compared
 * after every operation: decisions, counters, and every field of every slot.
 */
import { at } from '../model/array.ts';
import type { DmaDevice } from '../model/device.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import { FAILED } from '../model/units.ts';
import { buildMachine, testRandom, type MachineDraw } from './random-machine.ts';

export class MachinePair {
  readonly #fast: Swiotlb;
  readonly #slow: Swiotlb;
  readonly #random: () => number;
  readonly #live: { readonly device: number; readonly tlb: number }[] = [];
  #steps = 0;
  #difference: string | null = null;

  constructor(draw: MachineDraw) {
    this.#fast = buildMachine(draw, 'fast');
    this.#slow = buildMachine(draw, 'reference');
    this.#random = testRandom(draw.seed);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** Drives `steps` operations. @returns what differed first, in words, or null. */
  run(steps: number): string | null {
    for (let step = 0; step < steps && this.#difference === null; step++) this.#step();
    this.#compareEverySlot();
    return this.#difference;
  }

  #same(what: string, fast: unknown, slow: unknown): void {
    const [got, wanted] = [JSON.stringify(fast), JSON.stringify(slow)];
    if (got === wanted) return;
    this.#difference ??= `step ${this.#steps}, ${what}: fast ${got}, reference ${wanted}`;
  }

  #step(): void {
    this.#steps++;
    // Waves of filling and draining, so that both crowded and roomy pools are met.
    const filling = Math.floor(this.#steps / 120) % 2 === 0 ? 0.7 : 0.4;
    const roll = this.#random();
    if (roll < 0.02) this.#grow();
    else if (roll < filling || this.#live.length === 0) this.#map();
    else this.#unmap();
    this.#compareCounters();
    if (this.#steps % 97 === 0) this.#compareEverySlot();
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
    this.#same('address', tlb, run(this.#slow));
    const { pool: fastPool, ...fast } = this.#fast.outcome;
    const { pool: slowPool, ...slow } = this.#slow.outcome;
    this.#same('outcome', { ...fast, pool: fastPool?.id }, { ...slow, pool: slowPool?.id });
    if (tlb === FAILED || fastPool === null || slowPool === null) return;
    this.#live.push({ device, tlb });
    for (let slot = fast.slot; slot < fast.slot + fast.nslots; slot++) {
      this.#compareSlot(fastPool, slowPool, slot);
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
      this.#same('unmap', machine.unmap(deviceOf(machine, mapping.device), mapping.tlb), true);
    }
    this.#same(
      'release',
      { ...this.#fast.releasing, pool: 0 },
      { ...this.#slow.releasing, pool: 0 },
    );
  }

  #grow(): void {
    this.#same('worker', this.#fast.startWorker(), this.#slow.startWorker());
    this.#same('grown pool', this.#fast.grow()?.id, this.#slow.grow()?.id);
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
      this.#same('counters', counters(fast), slow && counters(slow));
    }
  }

  #compareEverySlot(): void {
    this.#same('pools', this.#fast.pools.length, this.#slow.pools.length);
    for (const [index, fast] of this.#fast.pools.entries()) {
      const slow = this.#slow.pools[index];
      if (slow === undefined) throw new RangeError(`pool ${index} is missing`);
      this.#same('area use', fast.areaUsed, slow.areaUsed);
      this.#same('area hints', fast.areaIndex, slow.areaIndex);
      for (let slot = 0; slot < fast.nslabs; slot++) this.#compareSlot(fast, slow, slot);
    }
  }

  #compareSlot(fast: Pool, slow: Pool, slot: number): void {
    const got = fieldsOf(fast, slot);
    const wanted = fieldsOf(slow, slot);
    // Most slots agree: turn only those into text that do not.
    if (got.some((value, index) => value !== wanted[index])) {
      this.#same(`pool ${fast.id} slot ${slot}`, got, wanted);
    }
  }
}

function deviceOf(machine: Swiotlb, index: number): DmaDevice {
  const device = machine.devices[index];
  if (device === undefined) throw new RangeError(`no device ${index}`);
  return device;
}

/** Everything a slot table says about a slot. */
function fieldsOf({ table }: Pool, slot: number): readonly number[] {
  return [
    table.list(slot),
    table.allocSize(slot),
    table.origAddr(slot),
    table.padSlots(slot),
    table.runStart(slot),
    table.tag(slot),
  ];
}
