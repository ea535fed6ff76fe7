import { expect, test } from 'vitest';
import {
  areaNumText,
  bufferFullText,
  KernelLog,
  mappedText,
  RATELIMIT_BURST,
  RATELIMIT_INTERVAL_NS,
} from './kernel-log.ts';

const SITE = 'swiotlb_tbl_map_single';

function wanted(log: KernelLog, times: number, timeNs: number): number {
  let printed = 0;
  for (let line = 0; line < times; line++) {
    if (!log.admits(SITE, timeNs, line)) continue;
    log.print({ timeNs, event: line, text: `line ${line}`, level: 'warn' });
    printed++;
  }
  return printed;
}

test('a call site prints ten lines in five seconds and swallows the rest', () => {
  const log = new KernelLog();
  expect(wanted(log, 25, 0)).toBe(RATELIMIT_BURST);
  expect(wanted(log, 5, RATELIMIT_INTERVAL_NS)).toBe(0);
  expect(log.suppressed).toBe(20);
});

test('after five seconds the kernel says how many it swallowed, and goes on', () => {
  const log = new KernelLog();
  wanted(log, 25, 0);
  const later = RATELIMIT_INTERVAL_NS + 1;
  expect(wanted(log, 3, later)).toBe(3);
  expect(log.since(RATELIMIT_BURST).map(({ text }) => text)).toEqual([
    'swiotlb_tbl_map_single: 15 callbacks suppressed',
    'line 0',
    'line 1',
    'line 2',
  ]);
});

test('call sites are limited one by one', () => {
  const log = new KernelLog();
  wanted(log, 25, 0);
  expect(log.admits('blk_print_req_error', 0, 0)).toBe(true);
});

test('a site that printed little is not told of as suppressed', () => {
  const log = new KernelLog();
  wanted(log, 3, 0);
  wanted(log, 1, 2 * RATELIMIT_INTERVAL_NS);
  expect(log.since(0).some(({ text }) => text.includes('suppressed'))).toBe(false);
});

test('old lines are forgotten, but go on counting', () => {
  const log = new KernelLog();
  for (let line = 0; line < 10_000; line++) {
    log.print({ timeNs: line, event: line, text: `${line}`, level: 'info' });
  }
  expect(log.count).toBe(10_000);
  expect(log.since(9998).map(({ text }) => text)).toEqual(['9998', '9999']);
  expect(log.since(0).length).toBeLessThan(5000);
});

test('a line that is printed once is printed once', () => {
  const log = new KernelLog();
  const line = { timeNs: 0, event: 0, text: 'once', level: 'warn' } as const;
  log.printOnce('reach', line);
  log.printOnce('reach', line);
  expect(log.count).toBe(1);
});

test('the lines are spelt as the kernel spells them', () => {
  expect(bufferFullText('nvme 0000:00:04.0', 258_048, 32_768, 31_415)).toBe(
    'nvme 0000:00:04.0: swiotlb buffer is full (sz: 258048 bytes), total 32768 (slots), used 31415 (slots)',
  );
  expect(mappedText(0x3a60_0000, 64 * 1024 * 1024)).toBe(
    'software IO TLB: mapped [mem 0x000000003a600000-0x000000003e600000] (64MB)',
  );
  expect(areaNumText(8)).toBe('software IO TLB: area num 8.');
});
