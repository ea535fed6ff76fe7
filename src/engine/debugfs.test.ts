import { expect, test } from 'vitest';
import { deviceWith, machineWith } from '../testing/run-builder.ts';
import { writeDebugfs } from './debugfs.ts';
import { bootMachine } from './machine.ts';

function used() {
  const { swiotlb, dma } = bootMachine(machineWith(), [deviceWith()]);
  const [device] = dma;
  if (device) swiotlb.map(device, 0, 0x100_0000, 8192);
  return swiotlb;
}

test('writing 0 to the high-water mark resets it to 0, not to the use', () => {
  const swiotlb = used();
  expect(swiotlb.mem.hiwater).toBe(4);
  expect(writeDebugfs(swiotlb, 'io_tlb_used_hiwater', '0\n')).toBeNull();
  expect(swiotlb.mem.hiwater).toBe(0);
  expect(swiotlb.mem.used).toBe(4);
});

test('zero may be spelt as the kernel reads it', () => {
  for (const zero of ['0', ' 0 ', '00', '0x0', '+0']) {
    expect(writeDebugfs(used(), 'io_tlb_used_hiwater', zero)).toBeNull();
  }
});

test('any other value is an invalid argument and changes nothing', () => {
  const swiotlb = used();
  for (const text of ['1', '-1', '', 'zero', '0x', '0 0', '1e0']) {
    expect(writeDebugfs(swiotlb, 'io_tlb_used_hiwater', text)).toBe(
      'sh: write error: Invalid argument',
    );
  }
  expect(swiotlb.mem.hiwater).toBe(4);
});

test('the other files cannot be written', () => {
  expect(writeDebugfs(used(), 'io_tlb_nslabs', '0')).toBe(
    "sh: can't create io_tlb_nslabs: Permission denied",
  );
  expect(writeDebugfs(used(), 'io_tlb_usde', '0')).toMatch(/No such file or directory$/);
});
