import { expect, test } from 'vitest';
import type { Effect, ShellContext } from './command.ts';
import { runPipeline } from './commands.ts';
import { fileTree, type KernelCounters } from './file-tree.ts';
import { parseLine } from './parse.ts';
import { DEBUGFS_DIRECTORY } from './paths.ts';

const PLAIN: KernelCounters = {
  nslabs: 32_768,
  used: 17_388,
  hiwater: 23_063,
  transientNslabs: null,
  throttle: null,
};
const THROTTLED: KernelCounters = {
  ...PLAIN,
  transientNslabs: 80,
  throttle: { high: 22_937, low: 21_299, highCount: 4, lowCount: 17 },
};

function contextWith(counters = THROTTLED, changes: Partial<ShellContext> = {}): ShellContext {
  const tree = fileTree(counters);
  return { cwd: DEBUGFS_DIRECTORY, tree, dmesg: ['[1] one', '[2] two'], history: [], ...changes };
}

function effectsOf(line: string, context = contextWith()): Effect[] {
  const parsed = parseLine(line);
  if (parsed.kind === 'fault') return [parsed];
  return parsed.pipelines.flatMap((pipeline) => runPipeline(pipeline, context));
}

/** What a line prints, faults among it. */
function said(line: string, context = contextWith()): string[] {
  return effectsOf(line, context).flatMap((effect) => {
    if (effect.kind === 'print') return effect.lines;
    return effect.kind === 'fault' ? [effect.text] : [`(${effect.kind})`];
  });
}

test('cat prints files by every way there is to name them', () => {
  expect(said('cat io_tlb_used io_tlb_nslabs')).toEqual(['17388', '32768']);
  expect(said('cat /sys/kernel/debug/swiotlb/high_throttle')).toEqual(['22937']);
  expect(said('cat ../swiotlb/./io_tlb_used')).toEqual(['17388']);
  expect(said('cat ~/../sys/kernel/debug/swiotlb/io_tlb_used')).toEqual(['17388']);
  expect(said('cat "io_tlb_used"')).toEqual(['17388']);
  expect(said('cat *throttle_count')).toEqual(['4', '17']);
  expect(said('cat /proc/sys/kernel/dma/swiotlb_default/low_throttle')).toEqual(['21299']);
});

test('cat prints free blocks as the kernel does, line by line, where memory is modelled', () => {
  const buddyinfo = 'Node 0, zone      DMA      1      0 \nNode 0, zone    DMA32      3      2 \n';
  const context = contextWith({ ...PLAIN, buddyinfo });
  expect(said('cat /proc/buddyinfo', context).join('\n')).toBe(buddyinfo.replace(/\n$/, ''));
  expect(said('grep DMA32 /proc/buddyinfo', context)).toEqual([
    'Node 0, zone    DMA32      3      2 ',
  ]);
  expect(said('echo 1 > /proc/buddyinfo', context)).toEqual([
    'sh: write error: Input/output error',
  ]);
  expect(said('cat /proc/buddyinfo')).toEqual([
    "cat: can't open '/proc/buddyinfo': No such file or directory",
  ]);
});

test('what is not there is told in the kernel’s words', () => {
  expect(said('cat nope')).toEqual(["cat: can't open 'nope': No such file or directory"]);
  expect(said('cat /sys')).toEqual(['cat: read error: Is a directory']);
  expect(said('cat high_throttle', contextWith(PLAIN))).toEqual([
    "cat: can't open 'high_throttle': No such file or directory",
  ]);
  expect(said('cat io_tlb_transient_nslabs', contextWith(PLAIN))).toHaveLength(1);
  expect(said('foo -x; pwd')).toEqual(['sh: foo: not found', DEBUGFS_DIRECTORY]);
});

test('ls shows the modes, and only the files this kernel has', () => {
  expect(said('ls -l', contextWith(PLAIN))).toEqual([
    '-r-------- root io_tlb_nslabs',
    '-r-------- root io_tlb_used',
    '-rw------- root io_tlb_used_hiwater',
  ]);
  expect(said('ls')).toHaveLength(8);
  expect(said('ls /proc/sys/kernel/dma /sys')).toEqual([
    '/proc/sys/kernel/dma:',
    'swiotlb_default',
    '/sys:',
    'kernel',
  ]);
  expect(said('ls nope')).toEqual(['ls: nope: No such file or directory']);
});

test('cd moves to directories only', () => {
  expect(effectsOf('cd ..')).toEqual([{ kind: 'move', to: '/sys/kernel/debug' }]);
  expect(effectsOf('cd')).toEqual([{ kind: 'move', to: DEBUGFS_DIRECTORY }]);
  expect(said('cd io_tlb_used')).toEqual(["sh: cd: can't cd to io_tlb_used: Not a directory"]);
});

test('echo writes what it would print', () => {
  const write = { kind: 'write', key: null };
  expect(effectsOf('echo 20000 > high_throttle')).toEqual([
    { ...write, file: 'high_throttle', typed: 'high_throttle', text: '20000' },
  ]);
  expect(effectsOf('echo  "1"  2>>../swiotlb/low_throttle')).toEqual([
    { ...write, file: 'low_throttle', typed: '../swiotlb/low_throttle', text: '1 2' },
  ]);
  expect(said('echo a   "b  c"')).toEqual(['a b  c']);
  expect(said('echo 1 > nope')).toEqual(["sh: can't create nope: No such file or directory"]);
  expect(said('echo 1 > /sys')).toEqual(["sh: can't create /sys: Is a directory"]);
  expect(effectsOf('cat low_throttle > high_throttle')).toMatchObject([{ text: '21299' }]);
});

test('sysctl reads keys with dots and with slashes, one or all below', () => {
  const line = 'kernel.dma.swiotlb_default.high_throttle = 22937';
  expect(said('sysctl kernel.dma.swiotlb_default.high_throttle')).toEqual([line]);
  expect(said('sysctl kernel/dma/swiotlb_default/high_throttle')).toEqual([line]);
  expect(said('sysctl kernel.dma')).toEqual([
    line,
    'kernel.dma.swiotlb_default.low_throttle = 21299',
  ]);
  expect(said('sysctl -a')).toHaveLength(2);
  expect(said('sysctl -n kernel.dma.swiotlb_default.low_throttle')).toEqual(['21299']);
  expect(said('sysctl -a', contextWith(PLAIN))).toEqual([]);
});

test('sysctl writes with and without -w, and has its own words for what it cannot', () => {
  const key = 'kernel.dma.swiotlb_default.high_throttle';
  const path = '/proc/sys/kernel/dma/swiotlb_default/high_throttle';
  const write = { kind: 'write', file: path, typed: path, text: '20000', key };
  expect(effectsOf(`sysctl ${key}=20000`)).toEqual([write]);
  expect(effectsOf(`sysctl -w ${key.replaceAll('.', '/')}="20000"`)).toEqual([write]);
  expect(said('sysctl kernel.nope=1')).toEqual([
    'sysctl: cannot stat /proc/sys/kernel/nope: No such file or directory',
  ]);
  expect(said('sysctl x/../../../sys/kernel')).toEqual([
    'sysctl: cannot stat /sys/kernel: No such file or directory',
  ]);
  expect(said(`sysctl ${key}=`)).toEqual([`sysctl: malformed setting "${key}="`]);
  expect(said('sysctl -w kernel')).toEqual(['sysctl: "kernel" must be of the form name=value']);
});

test('lines go through a pipe', () => {
  expect(said('dmesg | tail -n 1')).toEqual(['[2] two']);
  expect(said('dmesg | head -1')).toEqual(['[1] one']);
  expect(said('ls | grep _count | tail -n1')).toEqual(['low_throttle_count']);
  expect(said('grep . io_tlb_u*')).toEqual(['io_tlb_used:17388', 'io_tlb_used_hiwater:23063']);
  expect(said('head io_tlb_used low_throttle')).toEqual([
    '==> io_tlb_used <==',
    '17388',
    '==> low_throttle <==',
    '21299',
  ]);
  expect(said('head -n x io_tlb_used')).toEqual(["head: invalid number 'x'"]);
});

test('watch takes a command and an interval', () => {
  expect(effectsOf('watch cat io_tlb_used')).toEqual([
    { kind: 'watch', seconds: null, line: 'cat io_tlb_used' },
  ]);
  expect(effectsOf('watch -n 0 "dmesg | tail"')).toEqual([
    { kind: 'watch', seconds: 0.1, line: 'dmesg | tail' },
  ]);
  expect(effectsOf('watch -n2 pwd')).toMatchObject([{ seconds: 2, line: 'pwd' }]);
  expect(said('watch -n x pwd')).toEqual(["watch: invalid interval 'x'"]);
  expect(said('watch')).toEqual(['watch: which command?']);
});

test('history numbers its lines, and help fits the panel', () => {
  expect(said('history', contextWith(PLAIN, { history: ['pwd', 'history'] }))).toEqual([
    '   1  pwd',
    '   2  history',
  ]);
  // The last one is a sentence, which may wrap.
  for (const line of said('help').slice(0, -1)) expect(line.length).toBeLessThanOrEqual(36);
});

test('what a real shell knows and this one does not is a fault of the whole line', () => {
  for (const line of ['pwd & pwd', 'echo $HOME', 'cat < x', '(pwd)', 'echo `pwd`']) {
    expect(said(line)).toEqual([expect.stringMatching(/^sh: syntax error: unexpected/)]);
  }
  for (const line of ['pwd |', '| pwd', ';', 'pwd ;; pwd', 'echo 1 >', '> x', 'pwd > a | cat']) {
    expect(said(line)).toEqual([expect.stringMatching(/^sh: syntax error: /)]);
  }
  expect(said('echo "a')).toEqual(['sh: syntax error: unterminated quoted string']);
  expect(said('pwd # and no more')).toEqual([DEBUGFS_DIRECTORY]);
});

test('long lines and control characters are refused whole', () => {
  expect(said('x'.repeat(257))).toEqual(['sh: the line has 257 characters; at most 256 are taken']);
  for (const char of ['\n', '\u0000', '\u001b[2J', '\u202e', '\ud800']) {
    expect(said(`pwd${char}`)).toEqual(['sh: the line holds a control character']);
  }
});
