/** The files of a restricted region, as the shell lists and reads them. */
import { expect, test } from 'vitest';
import { countersOf } from './counters.ts';
import { fileTree } from './file-tree.ts';
import { DEBUGFS_DIRECTORY } from './paths.ts';
import { FrameView } from '../../engine/frame.ts';
import { writeFrame } from '../../engine/frame-writer.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import { restrictedPool } from '../../scenarios/growing/restricted-pool.ts';
import { readoutOf } from '../readout.ts';

function treeOf(scenario: Scenario) {
  const simulation = createSimulation(scenario);
  simulation.runUntil(20e6, Infinity);
  const label = { sequence: 1, serial: 1, runState: 'paused', colourMode: 'device' } as const;
  const readout = readoutOf(FrameView.read(writeFrame(simulation, label, null)));
  const counters = countersOf({ readout, machine: simulation.machine });
  if (!counters) throw new RangeError('there is no machine');
  return { simulation, tree: fileTree(counters) };
}

test('each allocator has its own numbers, the restricted one in a directory of its name', () => {
  const { simulation, tree } = treeOf(restrictedPool);
  const [standard, own] = simulation.swiotlb.mems;
  const read = (path: string) => tree.get(`${DEBUGFS_DIRECTORY}/${path}`);
  expect(read('io_tlb_nslabs')).toMatchObject({ text: '2048' });
  expect(read('io_tlb_used')).toMatchObject({ text: String(standard?.used) });
  expect(read('io_tlb_used_hiwater')).toMatchObject({ text: '0' });
  expect(read('usb_dma')).toEqual({
    kind: 'directory',
    names: ['io_tlb_nslabs', 'io_tlb_used', 'io_tlb_used_hiwater'],
  });
  expect(read('usb_dma/io_tlb_nslabs')).toMatchObject({ text: '512' });
  expect(read('usb_dma/io_tlb_used')).toMatchObject({ text: String(own?.used) });
  expect(read('usb_dma/io_tlb_used_hiwater')).toMatchObject({
    text: String(own?.hiwater),
    mode: '-rw-------',
    writtenAs: 'usb_dma/io_tlb_used_hiwater',
  });
  expect(own?.used).toBeGreaterThan(0);
});

test('a kernel that can grow has the file of transient slots there, too, and it says 0', () => {
  const machine = { ...restrictedPool.machine, dynamic: true };
  const { tree } = treeOf({ ...restrictedPool, machine });
  const path = `${DEBUGFS_DIRECTORY}/usb_dma/io_tlb_transient_nslabs`;
  expect(tree.get(path)).toMatchObject({ text: '0', mode: '-r--------' });
});

test('with a throttle it has thresholds of its own, there and as sysctls', () => {
  const throttle = { policy: 'rfc', high: 99, low: 9, timeoutMs: 20, starvedMs: 100 } as const;
  const { tree } = treeOf({ ...restrictedPool, throttle });
  const sysctl = '/proc/sys/kernel/dma/swiotlb_usb_dma/high_throttle';
  expect(tree.get(sysctl)).toMatchObject({ text: '358', writtenAs: sysctl });
  expect(tree.get(`${DEBUGFS_DIRECTORY}/usb_dma/low_throttle`)).toMatchObject({ text: '332' });
  expect(tree.get(`${DEBUGFS_DIRECTORY}/high_throttle`)).toMatchObject({ text: '99' });
});
