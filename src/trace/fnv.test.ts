import { expect, it } from 'vitest';
import { machineFrom } from '../testing/pool-art.ts';
import { slotHashes } from './fnv.ts';

/** FNV-1a as its authors write it, over bytes. */
function fnv1a(bytes: readonly number[]): number {
  let hash = 2_166_136_261n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 16_777_619n) & 0xffff_ffffn;
  return Number(hash);
}

const littleEndian = (value: bigint, bytes: number) =>
  Array.from({ length: bytes }, (_, at) =>
    Number((BigInt.asUintN(64, value) >> BigInt(8 * at)) & 255n),
  );

it('hashes the four fields of every slot, wrapped and little-endian', () => {
  const { table } = machineFrom('##..#').pool;
  const slots = Array.from({ length: table.nslabs }, (_, slot) => slot);
  const hashOf = (read: (slot: number) => number, bytes: number) =>
    fnv1a(slots.flatMap((slot) => littleEndian(BigInt(read(slot)), bytes)));
  expect(slotHashes(table)).toEqual({
    list: hashOf((slot) => table.list(slot), 2),
    allocSize: hashOf((slot) => table.allocSize(slot), 8),
    origAddr: hashOf((slot) => table.origAddr(slot), 8),
    padSlots: hashOf((slot) => table.padSlots(slot), 2),
  });
});
