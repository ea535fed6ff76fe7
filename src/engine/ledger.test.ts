import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAILED } from '../model/units.ts';
import { deviceWith, machineWith } from '../testing/run-builder.ts';
import {
  DEVICE,
  DEVICE_FIELDS,
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_LAST,
  OWNER_PADDING,
} from './frame.ts';
import { ownerOfDevice, paintOwner, sizeClass } from './ledger-rows.ts';
import { Ledger } from './ledger.ts';
import { bootMachine } from './machine.ts';

/** Two devices on a pool of 512 slots; maps and unmaps go through model and ledger. */
class Book {
  readonly machine = bootMachine(machineWith(), [
    deviceWith(),
    deviceWith({ name: 'vdb', kind: 'virtio-blk' }),
  ]);
  readonly ledger = new Ledger(this.machine.swiotlb, 2);
  readonly live: { device: number; row: number; tlb: number }[] = [];

  map(device: number, orig: number, size: number, timeNs = 0): number {
    const { swiotlb, dma } = this.machine;
    const asking = dma[device];
    if (!asking) throw new RangeError(`no device ${device}`);
    const tlb = swiotlb.map(asking, device, orig, size);
    const { outcome } = swiotlb;
    if (tlb === FAILED) {
      this.ledger.fail(device, outcome, timeNs);
      return 0;
    }
    const ask = { device, cpu: device, direction: 2, size };
    const row = this.ledger.map(ask, outcome, timeNs);
    this.live.push({ device, row, tlb });
    return row;
  }

  unmap(index: number, timeNs = 0): void {
    const { swiotlb, dma } = this.machine;
    const [gone] = this.live.splice(index, 1);
    const device = gone && dma[gone.device];
    if (!gone || !device || !swiotlb.locate(device, gone.tlb)) throw new RangeError('not live');
    const { pool, slot } = swiotlb.releasing;
    if (!pool) throw new RangeError('no pool');
    this.ledger.unmap(gone.row, pool, slot, 0, timeNs);
    swiotlb.unmap(device, gone.tlb);
    this.ledger.sampled();
  }

  get owner(): Uint8Array {
    const pool = this.machine.swiotlb.mem.head;
    if (!pool) throw new RangeError('no pool');
    return this.ledger.record(pool).owner;
  }

  figure(device: number, field: number): number {
    return this.ledger.deviceRows[device * DEVICE_FIELDS + field] ?? Number.NaN;
  }
}

test('a mapping is painted from its first slot to its last, and cleared by its unmap', () => {
  const book = new Book();
  book.map(0, 0x100_0000, 10_000);
  expect([...book.owner.subarray(0, 6)]).toEqual([1 | OWNER_FIRST, 1, 1, 1, 1 | OWNER_LAST, 0]);
  book.unmap(0);
  expect(book.owner.every((byte) => byte === 0)).toBe(true);
});

test('a mapping of one slot is first and last at once', () => {
  const book = new Book();
  book.map(1, 0x100_0000, 16);
  const slot = book.owner.findIndex((byte) => byte !== 0);
  expect(book.owner[slot]).toBe(2 | OWNER_FIRST | OWNER_LAST);
});

test('padding slots carry their device and their mark', () => {
  const owner = new Uint8Array(8);
  paintOwner(owner, 2, 4, 2, 3);
  expect([...owner]).toEqual([
    0,
    0,
    3 | OWNER_PADDING | OWNER_FIRST,
    3 | OWNER_PADDING,
    3,
    3 | OWNER_LAST,
    0,
    0,
  ]);
});

test('devices past the fourteenth share one code', () => {
  expect(ownerOfDevice(0)).toBe(1);
  expect(ownerOfDevice(13)).toBe(14);
  expect([14, 15, 200, -1].map(ownerOfDevice)).toEqual([15, 15, 15, 15]);
});

test('sizes are counted by class, edges included', () => {
  const classes = [1, 2048, 2049, 4096, 4097, 65_536, 65_537, 131_072, 131_073, 262_144];
  expect(classes.map(sizeClass)).toEqual([0, 0, 1, 1, 2, 3, 4, 4, 5, 5]);
});

test('failures are counted and take no slot', () => {
  const book = new Book();
  for (let round = 0; round < 5; round++) book.map(0, 0x100_0000, 258_048);
  expect(book.ledger.maps).toBe(4);
  expect(book.ledger.failedMaps).toBe(1);
  expect(book.figure(0, DEVICE.failedMaps)).toBe(1);
  expect(book.figure(0, DEVICE.mappings)).toBe(4);
});

test('a row that is not live cannot be unmapped', () => {
  const book = new Book();
  const row = book.map(0, 0x100_0000, 4096);
  const pool = book.machine.swiotlb.mem.head;
  if (!pool) throw new RangeError('no pool');
  book.ledger.unmap(row, pool, 0, 0, 0);
  expect(() => book.ledger.unmap(row, pool, 0, 0, 0)).toThrow(`mapping row ${row} is not live`);
});

test('every slot of a mapping leads to its row, with what was noted of it', () => {
  const book = new Book();
  book.map(1, 0x100_0000, 2048);
  const row = book.map(0, 0x200_0000, 6000, 77);
  const pool = book.machine.swiotlb.mem.head;
  if (!pool) throw new RangeError('no pool');
  const { rows } = book.ledger;
  const first = book.owner.findIndex((byte) => (byte & OWNER_DEVICE_MASK) === 1);
  for (const slot of [first, first + 1, first + 2]) expect(book.ledger.rowOf(pool, slot)).toBe(row);
  expect(book.ledger.rowOf(pool, 511)).toBe(0);
  expect(rows.device(row)).toBe(0);
  expect(rows.direction(row)).toBe(2);
  expect(rows.timeNs(row)).toBe(77);
  expect(rows.size(row)).toBe(6000);
  expect(rows.serial(row)).toBe(2);
});

test('thousands of live mappings make the table grow and keep all rows apart', () => {
  const machine = bootMachine(machineWith({ commandLine: 'swiotlb=16384,1,force' }), [
    deviceWith({ kind: 'virtio-blk' }),
  ]);
  const ledger = new Ledger(machine.swiotlb, 1);
  const [device] = machine.dma;
  if (!device) throw new RangeError('no device');
  for (let count = 1; count <= 10_000; count++) {
    machine.swiotlb.map(device, 0, 0x100_0000 + count * 16, 16);
    ledger.map({ device: 0, cpu: 3, direction: 1, size: count }, machine.swiotlb.outcome, count);
  }
  const { rows } = ledger;
  expect(rows.live).toBe(10_000);
  for (let row = 1; row <= 10_000; row++) {
    expect([rows.size(row), rows.timeNs(row), rows.cpu(row)]).toEqual([row, row, 3]);
  }
});

test('after any sequence of maps and unmaps all counts agree with the model', () => {
  const action = fc.oneof(
    fc.record({
      device: fc.constantFrom(0, 1),
      size: fc.integer({ min: 1, max: 40_000 }),
      offset: fc.nat({ max: 4095 }),
    }),
    fc.nat({ max: 50 }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      const book = new Book();
      for (const what of actions) {
        if (typeof what === 'number') {
          if (what < book.live.length) book.unmap(what);
        } else {
          book.map(what.device, 0x100_0000 + what.offset, what.size);
        }
        const { used } = book.machine.swiotlb.mem;
        expect(book.owner.filter((byte) => byte !== 0)).toHaveLength(used);
        expect(book.figure(0, DEVICE.slots) + book.figure(1, DEVICE.slots)).toBe(used);
        const firsts = book.owner.filter((byte) => (byte & OWNER_FIRST) !== 0).length;
        expect(firsts).toBe(book.live.length);
        expect(book.ledger.rows.live).toBe(book.live.length);
        expect(book.ledger.maps - book.ledger.unmaps).toBe(book.live.length);
      }
    }),
    { numRuns: 60 },
  );
});

test('rates and latencies are those of the last forty milliseconds, so that bursts are not two loads', () => {
  const book = new Book();
  for (let done = 1; done <= 50; done++) book.ledger.requestDone(0, 4096, 3000, done * 200_000);
  book.ledger.settle(10_000_000);
  expect(book.figure(0, DEVICE.ratePerSecond)).toBeCloseTo(4900, -2);
  expect(book.figure(0, DEVICE.meanLatencyNs)).toBe(3000);
  expect(book.figure(0, DEVICE.done)).toBe(50);
  for (const ms of [20, 30, 40]) book.ledger.settle(ms * 1_000_000);
  expect(book.figure(0, DEVICE.ratePerSecond)).toBeCloseTo(1250, -2);
  for (const ms of [50, 60]) book.ledger.settle(ms * 1_000_000);
  expect(book.figure(0, DEVICE.ratePerSecond)).toBe(0);
});
