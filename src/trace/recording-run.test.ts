import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DEVICE,
  DEVICE_FIELDS,
  FrameView,
  HEADER,
  HISTORY_BUCKETS,
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  SERIES,
} from '../engine/frame.ts';
import { writeFrame } from '../engine/frame-writer.ts';
import { slotStory } from '../engine/slot-story.ts';
import { bytesOfLines, headerLine, mapLine, unmapLine } from '../testing/recording-text.ts';
import { readRecording } from './recording-check.ts';
import { RecordingRun } from './recording-run.ts';

const FOLDER = path.join(import.meta.dirname, 'fixtures', 'recordings');
const NAMES = readdirSync(FOLDER).filter(
  (name) => name.endsWith('.jsonl.gz') && !name.startsWith('growth-buddy'),
);
async function runOf(name: string): Promise<RecordingRun> {
  const recording = await readRecording(new Uint8Array(readFileSync(path.join(FOLDER, name))));
  return new RecordingRun(recording, name);
}

/** A map that two full areas turn away. */
const failing = (attrs: number) => ({
  ...mapLine(300, 0, [
    [301, 0.5, 0, 0, 128],
    [302, 0.6, 1, 0, 0],
  ]),
  ret: null,
  size: 270_000,
  attrs,
});

/** Slots painted, by reading every owner byte. */
function painted(run: RecordingRun): number {
  let slots = 0;
  for (const pool of run.swiotlb.pools) {
    for (const byte of run.ledger.record(pool).owner) if (byte !== 0) slots++;
  }
  return slots;
}

describe('RecordingRun', () => {
  it.each(NAMES)('plays %s to its end, the picture always the model’s', async (name) => {
    const run = await runOf(name);
    let standing = 0;
    for (let event = 0; !run.ended; event++) {
      if (!run.step()) break;
      if (run.difference !== null) standing++;
      run.stepPast();
      const counted = event % 97 === 0 ? painted(run) : run.ledger.paintedSlots;
      expect(counted).toBe(run.swiotlb.mem.used);
    }
    expect(run.ended).toBe(true);
    expect(painted(run)).toBe(run.swiotlb.mem.used);
    expect(run.timeNs).toBe(run.endNs);
    expect(run.nextTimeNs()).toBe(Infinity);
    expect(standing).toBe(run.differences);
    expect(run.decisions).toBe(run.summary.decisions);
    expect([run.differences, run.adopted]).toEqual([0, 0]);
  });

  it.each(['small512-1cpu', 'tiny512-4cpu', 'vnet-1cpu'])(
    'paints what %s does not explain when it begins mid-life',
    async (name) => {
      const packed = readFileSync(path.join(FOLDER, `${name}.jsonl.gz`));
      const lines = gunzipSync(packed).toString().trimEnd().split('\n');
      const late = [...lines.slice(0, 1), ...lines.slice(200)].join('\n');
      const run = new RecordingRun(await readRecording(new TextEncoder().encode(late)), name);
      const unknown = new Set<number>();
      while (run.step() || run.difference !== null) {
        run.stepPast();
        expect(painted(run)).toBe(run.swiotlb.mem.used);
        for (const pool of run.swiotlb.pools) {
          for (const byte of run.ledger.record(pool).owner) unknown.add(byte & OWNER_DEVICE_MASK);
        }
      }
      expect(run.adopted).toBeGreaterThan(0);
      expect(unknown.has(OWNER_DEVICE_MASK)).toBe(true);
      expect(run.summary.remarks.length).toBeGreaterThan(0);
    },
  );

  it('gives the same counters however its time is cut', async () => {
    const whole = await runOf('tiny512-4cpu.jsonl.gz');
    whole.runUntil(Infinity, Infinity);
    const cut = await runOf('tiny512-4cpu.jsonl.gz');
    for (let timeNs = 0; timeNs < cut.endNs; timeNs += 3_333_333) {
      while (cut.runUntil(timeNs, 7) === 7);
      expect(cut.timeNs).toBe(timeNs);
    }
    cut.runUntil(Infinity, Infinity);
    expect(cut.event).toBe(whole.event);
    expect(cut.ledger.maps).toBe(whole.ledger.maps);
    expect(cut.ledger.failedMaps).toBe(413);
    expect(cut.swiotlb.mem.hiwater).toBe(whole.swiotlb.mem.hiwater);
  });

  it('starts its clock at the first event and shows it moving in between', async () => {
    const run = await runOf('small128-1cpu.jsonl.gz');
    expect([run.timeNs, run.nextTimeNs()]).toEqual([0, 0]);
    run.step();
    expect(run.timeNs).toBe(0);
    const next = run.nextTimeNs();
    run.runUntil(next - 1, Infinity);
    expect([run.timeNs, run.event]).toEqual([next - 1, 1]);
    run.runUntil(next, Infinity);
    expect(run.event).toBeGreaterThan(1);
  });

  it('tells the machine of the recording, its kernel and its devices', async () => {
    const run = await runOf('small1024-4cpu.jsonl.gz');
    expect(run.machine).toMatchObject({
      memoryMiB: null,
      cpus: 4,
      forceBounce: true,
      hasPool: true,
      devices: [
        { name: '0000:00:02.0', kind: 'nvme', minAlignMask: 4095, maxMappingBytes: 258_048 },
        { name: '0000:00:03.0', kind: 'virtio-pci', minAlignMask: 0, spec: null },
      ],
    });
    expect(run.machine.commandLine).not.toContain('oracle.');
    expect(run.summary).toMatchObject({ kernel: '6.12.117+deb12-amd64', decisions: 404 });
    expect(run.log.since(0).map(({ text }) => text)).toEqual([
      'software IO TLB: area num 4.',
      'software IO TLB: mapped [mem 0x000000003e300000-0x000000003e500000] (2MB)',
    ]);
  });

  it('tells a limit of one mapping only where a device must bounce', async () => {
    const devices = [
      { id: 0, name: 'free', minAlignMask: 4095, dmaMask: '0xffffffffffffffff' },
      { id: 1, name: 'bound', minAlignMask: 4095, dmaMask: '0xffffffff' },
    ];
    const limitsOf = async (cmdline: string) => {
      const bytes = bytesOfLines([headerLine({ cmdline, devices })]);
      const run = new RecordingRun(await readRecording(bytes), 'x');
      return run.machine.devices.map(({ maxMappingBytes }) => maxMappingBytes);
    };
    expect(await limitsOf('swiotlb=256')).toEqual([null, 258_048]);
    expect(await limitsOf('swiotlb=force')).toEqual([258_048, 258_048]);
  });

  it('says what the kernel said when the stuck request failed, ten times and no more', async () => {
    const run = await runOf('stuck-1cpu.jsonl.gz');
    run.runUntil(Infinity, Infinity);
    const texts = run.log.since(2).map(({ text }) => text);
    expect(new Set(texts)).toEqual(
      new Set([
        'virtio-pci 0000:00:02.0: swiotlb buffer is full (sz: 262144 bytes), total 128 (slots), used 75 (slots)',
      ]),
    );
    expect([texts.length, run.log.suppressed]).toEqual([10, 55]);
  });

  it('keeps silent for maps that asked for silence', async () => {
    const full = Array.from({ length: 128 }, (_, slot) =>
      mapLine(2 * slot, slot, [[2 * slot + 1, 0, 0, slot, slot]]),
    );
    for (const [attrs, lines] of [
      [0, 1],
      [0x100, 0],
    ] as const) {
      const bytes = bytesOfLines([headerLine(), ...full, failing(attrs)]);
      const run = new RecordingRun(await readRecording(bytes), 'x');
      const before = run.log.count;
      while (run.step() || run.difference !== null) run.stepPast();
      expect(run.log.count - before).toBe(lines);
    }
  });

  it('stands at a difference until it is stepped past', async () => {
    const wrong = { ...mapLine(3, 1, [[4, 0.004, 0, 1, 1]]), ret: '0x20001000', slot: 2 };
    const lines = [headerLine(), mapLine(1, 0, [[2, 0.002, 0, 0, 0]]), wrong];
    const run = new RecordingRun(await readRecording(bytesOfLines(lines)), 'x');
    run.runUntil(Infinity, Infinity);
    expect(run.event).toBe(2);
    expect(run.differences).toBe(1);
    expect(run.difference).toMatchObject({ line: 3, event: 2 });
    expect(run.step()).toBe(false);
    expect(run.runUntil(Infinity, 5)).toBe(0);
    run.stepPast();
    expect(run.difference).toBeNull();
    expect(run.ended).toBe(true);
  });

  it('is shown like a simulation: frame, devices, stories', async () => {
    const run = await runOf('small1024-4cpu.jsonl.gz');
    run.runUntil(Infinity, 321);
    const label = { sequence: 0, serial: 1, runState: 'playing', colourMode: 'age' } as const;
    const frame = FrameView.read(writeFrame(run, label, null));
    const used = frame.head(HEADER.used);
    expect(used).toBeGreaterThan(10);
    expect(frame.head(HEADER.totalDecisions)).toBe(404);
    expect(frame.head(HEADER.decisions)).toBe(frame.head(HEADER.maps));
    expect(frame.owner.filter((byte) => byte !== 0)).toHaveLength(used);
    const slots = [0, 1].map((row) => frame.device(row, DEVICE.slots));
    expect(slots.reduce((sum, count) => sum + count, 0)).toBe(used);
    const slot = frame.owner.findIndex((byte) => (byte & OWNER_FIRST) !== 0);
    expect(slotStory(run, { pool: 0, slot })?.mapping).toMatchObject({ first: slot });
    expect(frame.shade[slot]).toBeGreaterThan(0);
    expect(run.ledger.deviceRows).toHaveLength(2 * DEVICE_FIELDS);
  });

  it('shows transient and grown pools while they live', async () => {
    const run = await runOf('dyn-hot512-1cpu.jsonl.gz');
    const kinds = new Set<string>();
    while (run.step()) for (const pool of run.swiotlb.pools) kinds.add(pool.kind);
    expect([...kinds].toSorted()).toEqual(['default', 'dynamic', 'transient']);
    run.ledger.settle(run.timeNs);
    const line = (series: number) =>
      run.history.series.subarray(series * HISTORY_BUCKETS, (series + 1) * HISTORY_BUCKETS);
    const sum = (series: number) => line(series).reduce((all, one) => all + one, 0);
    const grown = run.swiotlb.pools.filter(({ kind }) => kind === 'dynamic').length;
    expect(sum(SERIES.grown) + sum(SERIES.halved)).toBe(grown);
    expect(sum(SERIES.transients)).toBeGreaterThan(0);
    expect(Math.max(...line(SERIES.transientMax))).toBeGreaterThan(0);
  });

  it('plays again from the same recording as if for the first time', async () => {
    const recording = await readRecording(
      bytesOfLines([
        headerLine(),
        mapLine(1, 0, [[2, 0.002, 0, 0, 0]]),
        unmapLine(5, 0, [6, 0.006, 0, 1, 1, 1]),
      ]),
    );
    for (let round = 0; round < 2; round++) {
      const run = new RecordingRun(recording, 'x');
      run.runUntil(Infinity, Infinity);
      expect([run.event, run.decisions, run.differences]).toEqual([2, 1, 0]);
      expect(run.swiotlb.mem.used).toBe(0);
    }
  });
});
