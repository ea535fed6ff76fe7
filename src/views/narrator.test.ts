import { describe, expect, it } from 'vitest';
import type { DeviceSpec, Scenario } from '../engine/scenario.ts';
import type { DeviceReadout, Readout } from '../store/readout.ts';
import type { DeviceSummary, MachineSummary, ReplaySummary } from '../store/reports.ts';
import { throttleOf } from '../store/throttle-readout.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { narrate } from './narrator.ts';
import type { NarratorFacts } from './narrator-opening.ts';
import { shareWords } from './narrator-words.ts';

const DEVICE: DeviceReadout = {
  slots: 0,
  mappings: 0,
  depth: 0,
  depthLimit: 0,
  waiting: 0,
  done: 0,
  doneBytes: 0,
  failedMaps: 0,
  retried: 0,
  dropped: 0,
  ioErrors: 0,
  bounced: 0,
  direct: 0,
  ratePerSecond: 0,
  meanLatencyNs: 0,
  sizes: [],
  throttled: 0,
  tasks: 4,
  blockedTasks: 0,
  unrung: 0,
  unreaped: 0,
  allocatedBytes: 0,
  failedAllocs: 0,
};

const READOUT: Readout = {
  throttle: throttleOf(frameFrom({})),
  comparison: null,
  sequence: 1,
  timeNs: 10e9,
  event: 1,
  endNs: 0,
  runState: 'playing',
  used: 0,
  hiwater: 0,
  nslabs: 1000,
  transientNslabs: 0,
  slots: 1000,
  maps: 0,
  failedMaps: 0,
  directMaps: 0,
  unmaps: 0,
  copiedBytes: 0,
  decisions: 0,
  differences: 0,
  totalDecisions: 0,
  adopted: 0,
  cpus: 4,
  paddingSlots: 0,
  probes: 0,
  longestFreeRun: 0,
  devices: [],
  pools: [],
  locks: { spinning: 0, spunNs: 0, taken: 0, contended: 0 },
  recent: {
    spanNs: 1e6,
    failures: 0,
    waiting: 0,
    used: 0,
    slotsBy: [],
    nearlyFull: false,
    maps: 0,
    failuresBy: [],
  },
};

const device = (name: string, dmaMask = '0xffffffffffffffff'): DeviceSummary => ({
  name,
  kind: 'nvme',
  note: '',
  mayBlock: true,
  recommended: true,
  minAlignMask: 0,
  dmaMask,
  maxMappingBytes: null,
  spec: null,
});

const MACHINE: MachineSummary = {
  memoryMiB: 8192,
  cpus: 4,
  encrypted: false,
  dynamic: false,
  forceBounce: false,
  commandLine: '',
  hasPool: true,
  devices: [device('nvme0'), device('eth0')],
  costs: [],
};

const SCENARIO = { openAtMs: 0, speed: 0.01 } as Scenario;
const REPLAY: ReplaySummary = {
  name: 'x.jsonl',
  kernel: '6.12',
  decisions: 10,
  events: 20,
  remarks: [],
};

/** The last stretch of a run. */
const recently = (part: Partial<Readout['recent']>): Pick<Readout, 'recent'> => ({
  recent: { ...READOUT.recent, ...part },
});

function sentence(readout: Partial<Readout> | null, facts: Partial<NarratorFacts> = {}): string {
  return narrate({
    readout: readout && { ...READOUT, ...readout },
    machine: MACHINE,
    scenario: SCENARIO,
    replay: null,
    difference: null,
    ...facts,
  }).text;
}

const devices = (...parts: Partial<DeviceReadout>[]) =>
  parts.map((part) => ({ ...DEVICE, ...part }));

/** The sentence while the second device allocates. */
const whileAllocating = (part: Partial<DeviceReadout>) =>
  sentence({
    used: 900,
    devices: devices({ slots: 20, mappings: 9 }, { allocatedBytes: 1e6, ...part }),
  });

/** The first sentence on a machine. */
const first = (machine: Partial<MachineSummary>) =>
  sentence({ timeNs: 0 }, { machine: { ...MACHINE, ...machine } });

describe('narrate', () => {
  it('says first what the memory is for, by what makes copies needed', () => {
    expect(first({ encrypted: true })).toMatch(/^Devices cannot read .* encrypted memory/);
    expect(first({ forceBounce: true })).toContain('told to force it');
    expect(first({ devices: [device('scsi0', '0xffffffff')] })).toMatch(/^scsi0 cannot reach/);
    expect(first({})).toContain('Here every device can');
    expect(first({ hasPool: false })).toContain('set no memory aside');
    expect(first({ hasPool: false, encrypted: true })).toContain('which they cannot read');
  });

  it('tells of a driver that keeps memory of its own, and what that leaves to the others', () => {
    const most = { slots: 850, mappings: 7 };
    expect(whileAllocating(most)).toMatch(
      /^eth0 got most of this memory by dma_alloc and keeps it long/,
    );
    expect(whileAllocating({ ...most, waiting: 1 })).toMatch(
      /asks for more: there is no room for anybody/,
    );
    const pools = [
      { kind: 'default', nslabs: 512 },
      { kind: 'dynamic', nslabs: 512 },
    ] as unknown as Readout['pools'];
    expect(sentence({ pools, devices: devices({ allocatedBytes: 1e6, ...most }) })).toBe(
      'nvme0 got most of this memory by dma_alloc and keeps it; pools are added until all are served, from 1 MiB to 2 MiB so far.',
    );
    expect(whileAllocating({ slots: 0, mappings: 0 })).toMatch(/^eth0 keeps pages of its own/);
    expect(whileAllocating({ slots: 100, mappings: 1 })).not.toContain('eth0');
  });

  it('lets the first sentence stand for some seconds at the scenario’s speed', () => {
    const scenario = { ...SCENARIO, openAtMs: 100, speed: 0.01 };
    const encrypted = { ...MACHINE, encrypted: true };
    const at = (timeNs: number) => sentence({ timeNs }, { scenario, machine: encrypted });
    expect(at(149e6)).toContain('encrypted');
    expect(at(151e6)).not.toContain('encrypted');
    const argument = { ...scenario, group: 'throttling' } as Scenario;
    const throttled = { ...scenario, throttle: { policy: 'rfc' } } as Scenario;
    for (const one of [argument, throttled]) {
      const told = (timeNs: number) => sentence({ timeNs }, { scenario: one, machine: encrypted });
      expect(told(119e6)).toContain('encrypted');
      expect(told(121e6)).not.toContain('encrypted');
    }
  });

  it('says what is at the moment at which the run is paused', () => {
    const scenario = { ...SCENARIO, openAtMs: 100, speed: 0.01 };
    const facts = { scenario, machine: { ...MACHINE, encrypted: true } };
    const at = (timeNs: number) => sentence({ timeNs, runState: 'paused' }, facts);
    expect(at(99e6)).toContain('encrypted');
    expect(at(101e6)).not.toContain('encrypted');
  });

  it('tells a memory that is too small from one that is in pieces', () => {
    const failing = { maps: 100, failuresBy: [30, 2, 1], used: 900 };
    const busy = devices(
      { failedMaps: 7219, retried: 7219, slots: 500 },
      { failedMaps: 20, dropped: 20 },
      { failedMaps: 20, retried: 20, ioErrors: 20 },
    );
    const three = [device('nvme0'), device('eth0'), device('vdb')];
    const machine = { ...MACHINE, devices: three };
    const small =
      'The memory is too small for this load: nvme0 was turned away 7,219 times and tries again, eth0 drops packets, vdb reports errors.';
    const full = recently({ ...failing, nearlyFull: true });
    expect(sentence({ ...full, devices: busy }, { machine })).toBe(small);
    const filled = { ...recently({ ...failing, used: 600 }), hiwater: 1000 };
    expect(sentence({ ...filled, devices: busy }, { machine })).toBe(small);
    const pieces = devices({ failedMaps: 33 }, { slots: 400, mappings: 300 });
    const half = recently({ maps: 100, failuresBy: [3, 0], used: 500 });
    expect(sentence({ ...half, used: 500, hiwater: 600, devices: pieces })).toBe(
      'Half of the memory is free, yet nvme0 is turned away: eth0’s small buffers leave hardly a row that is long enough for it.',
    );
    expect(sentence({ ...half, used: 900, hiwater: 890, devices: pieces })).toMatch(
      /^nvme0 is turned away: eth0’s small buffers/,
    );
  });

  it('names who fails now, not who failed most in the past', () => {
    const failing = recently({ maps: 100, failuresBy: [0, 9], used: 900, nearlyFull: true });
    const busy = devices({ failedMaps: 900, retried: 900 }, { failedMaps: 9, dropped: 9 });
    expect(sentence({ ...failing, devices: busy })).toMatch(/load: eth0 drops packets, nvme0/);
  });

  it('does not speak of failures that are over, nor of one in a thousand', () => {
    const failed = devices({ failedMaps: 3, slots: 400, done: 50, bounced: 50 });
    const now = { used: 400, slotsBy: [400], maps: 1000 };
    const quiet = /^A third of the memory is taken/;
    expect(sentence({ ...recently(now), used: 400, devices: failed })).toMatch(quiet);
    const one = recently({ ...now, failuresBy: [1] });
    expect(sentence({ ...one, used: 400, devices: failed })).toMatch(quiet);
  });

  it('knows a device that will never get on, and what stands in its way', () => {
    const stuck = { failedMaps: 40, depth: 1, waiting: 1, slots: 1, mappings: 1 };
    const failing = recently({ failuresBy: [1, 0] });
    const alone = { ...failing, used: 1, devices: devices(stuck) };
    expect(sentence(alone)).toMatch(/^nvme0 asks, fails, .* it holds itself/);
    const beside = devices(stuck, { slots: 40, mappings: 30 });
    expect(sentence({ ...failing, used: 41, longestFreeRun: 26, devices: beside })).toBe(
      'nvme0 gets nothing done: eth0’s small buffers leave no free row long enough; the longest is 26 slots.',
    );
    const spec = { sizes: [{ bytes: 262_144, weight: 1 }] } as unknown as DeviceSpec;
    const vda = { ...device('vda'), kind: 'virtio-blk', spec };
    expect(sentence(alone, { machine: { ...MACHINE, devices: [vda] } })).toMatch(
      /^vda needs the whole row, but its own header/,
    );
  });

  it('says when the CPUs wait for each other', () => {
    const locks = { spinning: 2, spunNs: 1e6, taken: 1000, contended: 500 };
    const pool = { nareas: 1 } as Readout['pools'][number];
    expect(sentence({ locks, pools: [pool] })).toBe(
      '4 CPUs, one lock: one search in 2 has to wait for another to end.',
    );
  });

  it('says where many CPUs hardly wait for each other', () => {
    const pools = [{ nareas: 32 } as Readout['pools'][number]];
    const locks = { spinning: 0, spunNs: 0, taken: 3_204_000, contended: 1000 };
    expect(sentence({ locks, pools, cpus: 32 })).toBe(
      '32 CPUs, 32 locks: one search in 3,200 has to wait for another to end.',
    );
    expect(sentence({ locks: { ...locks, contended: 0 }, pools, cpus: 32 })).toMatch(
      /^32 CPUs, 32 locks: no search has had to wait/,
    );
  });

  it('says when nothing is copied, or only what one device cannot reach', () => {
    expect(sentence({ devices: devices({ direct: 100 }) })).toMatch(/^Nothing is copied/);
    const mixed = devices({ direct: 100 }, { direct: 3, bounced: 50, slots: 9 });
    expect(sentence({ used: 9, devices: mixed })).toBe(
      'Only eth0 copies through this memory; nvme0 reaches every buffer by itself.',
    );
  });

  it('follows a recording from its start to its verdict', () => {
    expect(sentence({ failedMaps: 413 }, { replay: REPLAY })).toMatch(
      /compared; 413 maps failed, as they did then\.$/,
    );
    const ended = { runState: 'ended' as const };
    expect(sentence({}, { replay: REPLAY })).toMatch(/^A real kernel’s own decisions/);
    expect(sentence(ended, { replay: REPLAY })).toContain('every time as the kernel');
    expect(sentence({ ...ended, failedMaps: 823 }, { replay: REPLAY })).toMatch(
      /as the kernel had; 823 maps failed\.$/,
    );
    expect(sentence({ ...ended, differences: 1 }, { replay: REPLAY })).toContain('not always');
  });

  it('stresses a word that is in the sentence', () => {
    const recent = { ...READOUT.recent, nearlyFull: true };
    const readout = { ...READOUT, used: 900, recent, devices: devices({ slots: 400, bounced: 1 }) };
    const { text, stress } = narrate({
      readout,
      machine: MACHINE,
      scenario: SCENARIO,
      replay: null,
      difference: null,
    });
    expect(stress).toBe('nvme0');
    expect(text).toContain('nvme0');
  });
});

describe('shareWords', () => {
  it('rounds to words a listener can follow', () => {
    expect(
      [0, 0.1, 0.25, 0.33, 0.5, 0.66, 0.8, 0.95, 1].map((share) => shareWords(share, 1)),
    ).toEqual([
      'none',
      'a small part',
      'a quarter',
      'a third',
      'half',
      'two thirds',
      'most',
      'nearly all',
      'all',
    ]);
    expect(shareWords(0, 0)).toBe('none');
  });
});
