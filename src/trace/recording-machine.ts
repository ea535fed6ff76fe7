import { bootState, bootValues, readBootValue } from '../model/boot-line.ts';
import { parseBoundary, parseMask } from '../model/mask.ts';
import type { SearchKind } from '../model/pool.ts';
import { Swiotlb } from '../model/swiotlb.ts';
import type { Throttle } from '../model/throttle.ts';
import type { RecordedPool, Recording } from './recording.ts';
import { ReplayPages } from './replay-pages.ts';
import type { ThrottleHeader } from './throttle-columns.ts';

/** The recorded machine as the recording began. */
export interface RecordingMachine {
  readonly swiotlb: Swiotlb;
  readonly pages: ReplayPages;
}

/** Builds the model's machine from a checked header: its pools, hints, counters and devices. */
export function recordingMachine(recording: Recording, search: SearchKind): RecordingMachine {
  const { header, throttle } = recording;
  const pages = new ReplayPages();
  const standard = defaultPool(header.pools);
  const swiotlb = new Swiotlb({
    dynamic: header.dynamic,
    search,
    defaultNslabs: standard.nslabs,
    defaultNareas: standard.areas,
    canGrow: header.dynamic,
    physLimit: header.physLimit,
    forceBounce: isForced(header.commandLine),
    pages,
    throttling: throttle === null ? 'none' : 'rfc',
  });
  // Each pool goes to the front of the list, so the one searched last is added first.
  for (const said of header.pools.toReversed()) {
    const kind = said.isDefault ? 'default' : 'dynamic';
    const pool = swiotlb.addPool({
      base: said.base,
      nslabs: said.nslabs,
      nareas: said.areas,
      kind,
    });
    pool.areaIndex.set(said.hints);
  }
  swiotlb.mem.hiwater = header.startHiwater;
  if (throttle !== null) setThrottle(swiotlb.mem.throttle, throttle.header);
  for (const device of recording.devices) {
    swiotlb.addDevice({
      minAlignMask: device.minAlignMask,
      segBoundary: parseBoundary(device.segBoundaryMask),
      dmaMask: parseMask(device.dmaMask),
      coherentMask: Infinity,
      busLimit: 0,
    });
  }
  return { swiotlb, pages };
}

/** The throttle as the recording began. */
function setThrottle(throttle: Throttle, header: ThrottleHeader): void {
  throttle.highThrottle = header.high;
  throttle.lowThrottle = header.low;
  throttle.semCount = header.semCount;
  throttle.highThrottleCount = header.countStart.high ?? 0;
  throttle.lowThrottleCount = header.countStart.low ?? 0;
}

/** `swiotlb=force` on the recorded command line: everything bounces. */
function isForced(commandLine: string): boolean {
  const state = bootState();
  for (const { value } of bootValues(commandLine)) readBootValue(state, value);
  return state.force && !state.noforce;
}

/** The pool reserved at boot: what the growth worker makes more of. */
function defaultPool(pools: readonly RecordedPool[]): RecordedPool {
  const pool = pools.find((candidate) => candidate.isDefault) ?? pools.at(-1);
  if (pool === undefined) throw new RangeError('a recording without a pool was let through');
  return pool;
}
