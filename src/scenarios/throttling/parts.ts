/** What the throttling scenarios are made of: devices and machines that differ in what matters. */
import type {
  Argument,
  DeviceSpec,
  MachineSpec,
  Scenario,
  ThrottleSpec,
} from '../../engine/scenario.ts';
import type { PolicyId } from '../../model/throttle-policies.ts';

/** A confidential guest whose pool is given on the command line. */
export function guest(cpus: number, slots: number): MachineSpec {
  return {
    memoryMiB: 2048,
    cpus,
    encrypted: true,
    dynamic: false,
    commandLine: `root=/dev/nvme0n1p1 ro swiotlb=${slots}`,
  };
}

/** A policy with the thresholds that init computes. */
export function throttled(policy: PolicyId, extras: Partial<ThrottleSpec> = {}): ThrottleSpec {
  return { policy, high: null, low: null, timeoutMs: 20, starvedMs: 100, ...extras };
}

/** An argument of the list and where it stands. */
export function argued(claim: number, where: string): Argument {
  return { claim, where };
}

/** A local SSD whose driver may block; requests of 64 KiB, each a batch of its own. */
export const SSD: DeviceSpec = {
  name: 'nvme0',
  kind: 'nvme',
  note: 'local SSD',
  ratePerSecond: 20_000,
  depth: 128,
  sizes: [{ bytes: 65_536, weight: 1 }],
  readShare: 0.6,
  latencyUs: 900,
  latencySpread: 0.4,
  bytesPerUs: 3000,
  parallel: 128,
  highMemoryShare: 0,
  contiguity: 1,
  startMs: 0,
  burst: 1,
};

/** A network that sends in bursts and can never block. */
export const NETWORK: DeviceSpec = {
  name: 'eth0',
  kind: 'virtio-net',
  note: 'network',
  ratePerSecond: 8000,
  depth: 128,
  sizes: [
    { bytes: 1514, weight: 60 },
    { bytes: 65_226, weight: 40 },
  ],
  readShare: 0.2,
  latencyUs: 900,
  latencySpread: 0.4,
  bytesPerUs: 1200,
  parallel: 512,
  highMemoryShare: 0,
  contiguity: 1,
  startMs: 0,
  burst: 8,
};

/** A disk whose driver can't block: its failures are I/O errors. */
export const VIRTIO_DISK: DeviceSpec = {
  name: 'vdb',
  kind: 'virtio-blk',
  note: 'scratch disk',
  ratePerSecond: 1500,
  depth: 16,
  sizes: [{ bytes: 32_768, weight: 1 }],
  readShare: 0.5,
  latencyUs: 1200,
  latencySpread: 0.5,
  bytesPerUs: 600,
  parallel: 16,
  highMemoryShare: 0,
  contiguity: 1,
  startMs: 0,
  burst: 1,
};

/** The parts that all of them share. */
export const THROTTLING: Pick<Scenario, 'group' | 'lengthMs' | 'speed' | 'openAtMs'> = {
  group: 'throttling',
  lengthMs: 20_000,
  speed: 0.01,
  openAtMs: 30,
};
