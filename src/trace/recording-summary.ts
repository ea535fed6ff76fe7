import type { MachineSummary, ReplaySummary } from '../engine/summary.ts';
import { at } from '../model/array.ts';
import type { DmaDevice } from '../model/device.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Recording } from './recording.ts';
import type { RecordingReplay } from './recording-replay.ts';
import { FLAG } from './throttle-columns.ts';

/** What a replay is called and what there is to say of it. */
export function summaryOf(
  recording: Recording,
  replay: RecordingReplay,
  name: string,
): ReplaySummary {
  return {
    name,
    kernel: recording.header.kernel,
    decisions: recording.decisions,
    events: recording.count,
    remarks: [...replay.gaps, ...recording.remarks],
  };
}

/** The recorded machine, as far as the recording tells it. */
export function machineOf(recording: Recording, swiotlb: Swiotlb): MachineSummary {
  const { header, devices } = recording;
  const { forceBounce } = swiotlb.mem;
  // Where memory ends is not recorded: only a device without any limit reaches all of it.
  const mustCare = (dma: DmaDevice) =>
    swiotlb.mem.nslabs > 0 && (forceBounce || dma.reach !== Infinity);
  const mayBlock = blockingDevices(recording);
  return {
    memoryMiB: null,
    cpus: header.cpus,
    encrypted: false,
    dynamic: header.dynamic,
    forceBounce,
    commandLine: header.commandLine,
    hasPool: swiotlb.mem.nslabs > 0,
    devices: devices.map((device, index) => {
      const dma = swiotlb.devices[index];
      return {
        name: device.name,
        kind: device.driver,
        note: '',
        mayBlock: mayBlock.has(index),
        // `dma_recommend_may_block`: where the kernel has a throttle and everything bounces.
        recommended: dma !== undefined && swiotlb.recommendMayBlock(dma),
        minAlignMask: device.minAlignMask,
        dmaMask: device.dmaMask,
        maxMappingBytes: dma === undefined || !mustCare(dma) ? null : swiotlb.maxMappingSize(dma),
        spec: null,
      };
    }),
    costs: [],
  };
}

/** The devices of which any map may block, by index. */
function blockingDevices({ events, count, throttle }: Recording): ReadonlySet<number> {
  const devices = new Set<number>();
  if (throttle === null) return devices;
  const { flags } = throttle.rows;
  for (let row = 0; row < count; row++) {
    if ((at(flags, row) & FLAG.mayBlock) !== 0) devices.add(at(events.device, row));
  }
  return devices;
}
