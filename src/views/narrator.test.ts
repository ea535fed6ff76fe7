import { describe, expect, it } from 'vitest';
import type { Scenario } from '../engine/scenario.ts';
import type { DeviceReadout, Readout } from '../store/readout.ts';
import type { DeviceSummary, MachineSummary, ReplaySummary } from '../store/reports.ts';
import { narrate, shareWords, type NarratorFacts } from './narrator.ts';

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
};

const READOUT: Readout = {
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
  recent: { spanNs: 1e6, failures: 0 },
};

const device = (name: string, dmaMask = '0xffffffffffffffff'): DeviceSummary => ({
  name,
  kind: 'nvme',
  note: '',
  mayBlock: true,
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

/** The first sentence on a machine. */
const first = (machine: Partial<MachineSummary>) =>
  sentence({ timeNs: 0 }, { machine: { ...MACHINE, ...machine } });

describe('narrate', () => {
  it('says first what the memory is for, by what makes copies needed', () => {
    expect(first({ encrypted: true })).toContain('memory is encrypted');
    expect(first({ forceBounce: true })).toContain('told to force it');
    expect(first({ devices: [device('scsi0', '0xffffffff')] })).toMatch(/^scsi0 cannot reach/);
    expect(first({})).toContain('Here every device can');
    expect(first({ hasPool: false })).toContain('set no memory aside');
    expect(first({ hasPool: false, encrypted: true })).toContain('which they cannot read');
  });

  it('lets the first sentence stand for some seconds at the scenario’s speed', () => {
    const scenario = { ...SCENARIO, openAtMs: 100, speed: 0.01 };
    const encrypted = { ...MACHINE, encrypted: true };
    const at = (timeNs: number) => sentence({ timeNs }, { scenario, machine: encrypted });
    expect(at(149e6)).toContain('encrypted');
    expect(at(151e6)).not.toContain('encrypted');
  });

  it('tells a full memory from a fragmented one', () => {
    const failing = { recent: { spanNs: 1e6, failures: 3 } };
    const busy = devices({ failedMaps: 3, slots: 900, ratePerSecond: 50 });
    expect(sentence({ ...failing, used: 990, devices: busy })).toMatch(/^The memory is full/);
    expect(sentence({ ...failing, used: 850, devices: busy })).toMatch(
      /^The memory is nearly full/,
    );
    expect(sentence({ ...failing, used: 500, devices: busy })).toMatch(
      /^Half of the memory is free/,
    );
  });

  it('does not speak of failures that are over', () => {
    const failed = devices({ failedMaps: 3, slots: 400, done: 50, bounced: 50 });
    expect(sentence({ used: 400, devices: failed })).toMatch(/^A third of the memory is taken/);
  });

  it('knows a device that will never get on', () => {
    const stuck = devices({ failedMaps: 40, depth: 1, waiting: 1, slots: 1 });
    const failing = { recent: { spanNs: 1e6, failures: 1 } };
    expect(sentence({ ...failing, used: 1, devices: stuck })).toMatch(/^nvme0 asks, fails, waits/);
  });

  it('says when the CPUs wait for each other', () => {
    const locks = { spinning: 2, spunNs: 1e6, taken: 1000, contended: 500 };
    const pool = { nareas: 1 } as Readout['pools'][number];
    expect(sentence({ locks, pools: [pool] })).toBe(
      '4 CPUs share one lock: one search in 2 has to wait for another to end.',
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
    const ended = { runState: 'ended' as const };
    expect(sentence({}, { replay: REPLAY })).toMatch(/^A real kernel’s own decisions/);
    expect(sentence(ended, { replay: REPLAY })).toContain('every time as the kernel');
    expect(sentence({ ...ended, differences: 1 }, { replay: REPLAY })).toContain('not always');
  });

  it('stresses a word that is in the sentence', () => {
    const readout = { ...READOUT, used: 400, devices: devices({ slots: 400, bounced: 1 }) };
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
