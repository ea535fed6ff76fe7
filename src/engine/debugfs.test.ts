import { expect, test } from 'vitest';
import { deviceWith, machineWith, scenarioWith } from '../testing/run-builder.ts';
import { attributeNumber, sysctlNumber, writeDebugfs, type KernelNumber } from './debugfs.ts';
import { HISTORY_BUCKETS, SERIES } from './frame.ts';
import { bootMachine } from './machine.ts';
import { NO_THROTTLE } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';

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
  for (const zero of ['0', '0\n', '00', '0x0', '0X00', '+0']) {
    expect(writeDebugfs(used(), 'io_tlb_used_hiwater', zero)).toBeNull();
  }
});

test('any other value is an invalid argument and changes nothing', () => {
  const swiotlb = used();
  for (const text of ['1', '-1', '', 'zero', '0x', '0 0', ' 0', '0\n\n', '++0', '1e0']) {
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

function throttled() {
  const throttle = { ...NO_THROTTLE, policy: 'rfc' } as const;
  return bootMachine(machineWith(), [deviceWith()], { throttle }).swiotlb;
}

test('the throttle’s files take any number, also low above high, 0, and more than there are slots', () => {
  const swiotlb = throttled();
  const { throttle } = swiotlb.mem;
  expect([throttle.highThrottle, throttle.lowThrottle]).toEqual([358, 332]);
  expect(writeDebugfs(swiotlb, 'low_throttle', '400')).toBeNull();
  expect(writeDebugfs(swiotlb, 'high_throttle', '0')).toBeNull();
  expect([throttle.highThrottle, throttle.lowThrottle]).toEqual([0, 400]);
  expect(writeDebugfs(swiotlb, 'high_throttle', '0x100000')).toBeNull();
  expect(throttle.highThrottle).toBe(0x10_0000);
  expect(writeDebugfs(swiotlb, 'high_throttle_count', '7')).toBeNull();
  expect(writeDebugfs(swiotlb, 'low_throttle_count', '010')).toBeNull();
  expect([throttle.highThrottleCount, throttle.lowThrottleCount]).toEqual([7, 8]);
});

test('a number up to 64 bits is taken, as the largest that can be counted here; a larger one is not', () => {
  const swiotlb = throttled();
  expect(writeDebugfs(swiotlb, 'high_throttle', '18446744073709551615')).toBeNull();
  expect(swiotlb.mem.throttle.highThrottle).toBe(Number.MAX_SAFE_INTEGER);
  expect(writeDebugfs(swiotlb, 'high_throttle', '18446744073709551616')).toBe(
    'sh: write error: Numerical result out of range',
  );
});

test('without throttling there are no such files, and no file is named like an object’s own', () => {
  for (const file of ['high_throttle', 'low_throttle_count']) {
    expect(writeDebugfs(used(), file, '1')).toMatch(/No such file or directory$/);
  }
  for (const file of ['constructor', '__proto__', 'toString', '']) {
    expect(writeDebugfs(throttled(), file, '1')).toMatch(/No such file or directory$/);
  }
});

function told(number: KernelNumber): bigint | string {
  return number.kind === 'number' ? number.value : number.word;
}

const attribute = (text: string) => told(attributeNumber(text));
const sysctl = (text: string) => told(sysctlNumber(text));

test('an attribute is read as kstrtoull reads it, and only its first 23 characters', () => {
  expect(['12', '+12', '0x1F', '0X1f', '017', '12\n'].map(attribute)).toEqual([
    12n,
    12n,
    31n,
    31n,
    15n,
    12n,
  ]);
  for (const text of ['08', '0x', '0xg', '1k', '-1', '1.0', '٣', '1_000']) {
    expect(attribute(text)).toBe('Invalid argument');
  }
  expect(attribute(`${'0'.repeat(22)}7junk`)).toBe(7n);
});

test('a sysctl takes white space and no sign', () => {
  expect([' 20000\t', '0x10', '5 6'].map(sysctl)).toEqual([20_000n, 16n, 5n]);
  for (const text of ['+5', '-5', '', '5x', '99999999999999999999', '000000000000000000005']) {
    expect(sysctl(text)).toBe('Invalid argument');
  }
});

test('a threshold can be written as a sysctl, which has no counts', () => {
  const swiotlb = throttled();
  const directory = '/proc/sys/kernel/dma/swiotlb_default';
  expect(writeDebugfs(swiotlb, `${directory}/low_throttle`, ' 12 ')).toBeNull();
  expect(swiotlb.mem.throttle.lowThrottle).toBe(12);
  expect(writeDebugfs(swiotlb, `${directory}/high_throttle_count`, '1')).toMatch(/No such file/);
});

test('a threshold set in a run shows in its history from that moment on', () => {
  const throttle = { ...NO_THROTTLE, policy: 'rfc' } as const;
  const run = createSimulation({ ...scenarioWith([deviceWith()]), throttle });
  run.runUntil(10e6, Infinity);
  expect(run.apply({ kind: 'write', file: 'high_throttle', text: '100' })).toBeNull();
  run.runUntil(20e6, Infinity);
  run.history.advance(20e6);
  const at = (timeNs: number) =>
    run.history.series[SERIES.highThrottle * HISTORY_BUCKETS + timeNs / run.history.bucketNs];
  expect([at(9e6), at(9.5e6), at(10e6), at(15e6)]).toEqual([358, 358, 100, 100]);
});
