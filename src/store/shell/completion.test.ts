import { expect, test } from 'vitest';
import { complete } from './completion.ts';
import { fileTree } from './file-tree.ts';
import { DEBUGFS_DIRECTORY } from './paths.ts';

const throttle = { high: 3, low: 2, highCount: 0, lowCount: 0 };
const tree = fileTree({ nslabs: 4, used: 1, hiwater: 1, transientNslabs: null, throttle });
const completed = (text: string) => complete(text, { cwd: DEBUGFS_DIRECTORY, tree });

test('commands are completed where a command stands', () => {
  expect(completed('hea').text).toBe('head ');
  expect(completed('pwd; sys').text).toBe('pwd; sysctl ');
  expect(completed('dmesg|ta').text).toBe('dmesg|tail ');
  expect(completed('watch -n 2 sys').text).toBe('watch -n 2 sysctl ');
});

test('paths are completed as far as they are sure, and the choices told', () => {
  expect(completed('cat hi').text).toBe('cat high_throttle');
  expect(completed('cat high_throttle').choices).toEqual(['high_throttle', 'high_throttle_count']);
  expect(completed('cat io_tlb_n').text).toBe('cat io_tlb_nslabs ');
  expect(completed('cat ../../d').text).toBe('cat ../../debug/');
  expect(completed('echo 1 >lo').text).toBe('echo 1 >low_throttle');
  expect(completed('watch cat io_tlb_n').text).toBe('watch cat io_tlb_nslabs ');
});

test('cd is offered directories, sysctl keys', () => {
  expect(completed('cd io').text).toBe('cd io');
  expect(completed('cd /sys/k').text).toBe('cd /sys/kernel/');
  expect(completed('sysctl k').text).toBe('sysctl kernel.dma.swiotlb_default.');
  expect(completed('sysctl -w kernel.dma.swiotlb_default.h').text).toBe(
    'sysctl -w kernel.dma.swiotlb_default.high_throttle ',
  );
});

test('what nothing begins with stays as it is', () => {
  for (const text of ['zz', 'cat zz', 'nope x', 'cat /zz/', '']) {
    expect(completed(text).text).toBe(text);
  }
});
