import { expect, test } from 'vitest';
import { deviceWith, machineWith } from '../testing/run-builder.ts';
import { bootMachine, toldMappingLimit } from './machine.ts';
import type { DeviceKind, MachineSpec } from './scenario.ts';

function boot(changes: Partial<MachineSpec>, kind: DeviceKind = 'nvme') {
  return bootMachine(machineWith(changes), [deviceWith({ kind })]);
}

test('an encrypted guest gets 6 % of its memory, 64 MiB at least and 1 GiB at most', () => {
  const sizes = [512, 1024, 2048, 4096, 8192, 16_384, 65_536].map((memoryMiB) => {
    const { swiotlb } = boot({ memoryMiB, encrypted: true, commandLine: '', cpus: 8 });
    return (swiotlb.mem.nslabs * 2) / 1024;
  });
  expect(sizes).toEqual([64, 64, 128, 256, 512, 1024, 1024]);
});

test('an encrypted guest bounces everything, with an area for each CPU', () => {
  const { swiotlb, bootLines } = boot({ encrypted: true, commandLine: '', cpus: 8 });
  expect(swiotlb.mem.forceBounce).toBe(true);
  expect(swiotlb.mem.head?.nareas).toBe(8);
  expect(bootLines).toEqual([
    'software IO TLB: SWIOTLB bounce buffer size adjusted to 64MB',
    'software IO TLB: area num 8.',
    'software IO TLB: mapped [mem 0x000000003a600000-0x000000003e600000] (64MB)',
  ]);
});

const asked = (slots: number) =>
  boot({ memoryMiB: 4096, encrypted: true, cpus: 1, commandLine: `swiotlb=${slots}` }).swiotlb.mem
    .nslabs;

test('a size on the command line wins over the 6 % rule, unless it is the default size', () => {
  expect(asked(2048)).toBe(2048);
  expect(asked(32_768)).toBe(131_072);
});

test('a machine with all its memory below 4 GiB has no pool unless it is forced', () => {
  const small = boot({ memoryMiB: 2048, commandLine: 'quiet' });
  expect(small.swiotlb.mem.nslabs).toBe(0);
  expect(small.bootLines).toEqual([]);
  expect(boot({ memoryMiB: 2048, commandLine: 'swiotlb=force' }).swiotlb.mem.nslabs).toBe(32_768);
  expect(boot({ memoryMiB: 8192, commandLine: 'quiet' }).swiotlb.mem.nslabs).toBe(32_768);
  expect(boot({ memoryMiB: 8192, commandLine: 'swiotlb=noforce' }).swiotlb.mem.nslabs).toBe(0);
});

test('areas on the command line are told when they are read, with the size they round to', () => {
  const { bootLines, swiotlb } = boot({ commandLine: 'swiotlb=24576,8,force' });
  expect(swiotlb.mem.nslabs).toBe(32_768);
  expect(bootLines.slice(0, 2)).toEqual([
    'software IO TLB: area num 8.',
    'software IO TLB: SWIOTLB bounce buffer size roundup to 64MB',
  ]);
});

test('a pool that memory cannot hold is halved until it fits, and the kernel says each try', () => {
  const { bootLines, swiotlb } = boot({ memoryMiB: 64, cpus: 1, commandLine: 'swiotlb=force' });
  expect(swiotlb.mem.nslabs).toBe(8192);
  expect(bootLines.slice(1)).toEqual([
    'software IO TLB: swiotlb_memblock_alloc: Failed to allocate 67108864 bytes tlb structure',
    'software IO TLB: swiotlb_memblock_alloc: Failed to allocate 33554432 bytes tlb structure',
    'software IO TLB: mapped [mem 0x0000000001600000-0x0000000002600000] (16MB)',
  ]);
});

const told = (changes: Partial<MachineSpec>, kind: DeviceKind) => {
  const machine = boot(changes, kind);
  const [device] = machine.dma;
  return device && toldMappingLimit(machine, device);
};

test('a command line on which the kernel divides by zero is not booted', () => {
  const sentence =
    'on this boot line Linux 6.12 divides by zero, because 0 slots cannot be cut into areas';
  expect(() => boot({ commandLine: 'swiotlb=512,4 swiotlb=0,force' })).toThrow(sentence);
  expect(() => boot({ commandLine: 'swiotlb=512,2 swiotlb=0', encrypted: true })).toThrow(sentence);
});

test('0 slots in areas harm nobody where no pool is wanted', () => {
  for (const commandLine of ['swiotlb=512,2 swiotlb=0', 'swiotlb=512,2 swiotlb=0,noforce']) {
    expect(boot({ commandLine, encrypted: false }).swiotlb.mem.nslabs).toBe(0);
  }
});

test('numbers of any length boot something', () => {
  const commandLine = `swiotlb=${'9'.repeat(480)},force`;
  expect(boot({ commandLine }).swiotlb.mem.nslabs).toBeGreaterThan(0);
});

test('a driver is told a mapping limit only where it may have to bounce', () => {
  const forced = { commandLine: 'swiotlb=force' };
  const large = { memoryMiB: 8192, commandLine: '' };
  expect(told(forced, 'nvme')).toBe(258_048);
  expect(told(forced, 'virtio-blk')).toBe(262_144);
  expect(told(large, 'nvme')).toBe(Infinity);
  expect(told(large, 'legacy32')).toBe(262_144);
});

const demands = (kind: DeviceKind) => boot({}, kind).dma[0]?.demands;

test('devices have the masks of their drivers', () => {
  expect(demands('nvme')).toMatchObject({ minAlignMask: 4095, dmaMask: Infinity });
  expect(demands('virtio-net')).toMatchObject({ minAlignMask: 0, segBoundary: 0xffff_ffff });
  expect(demands('legacy32')).toMatchObject({ dmaMask: 0xffff_ffff });
});
