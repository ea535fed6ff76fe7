/** Small machines and loads for tests of the engine and the worker. */
import { DEVICE_FIELDS } from '../engine/frame.ts';
import type { Run } from '../engine/run.ts';
import type { DeviceSpec, MachineSpec, Scenario } from '../engine/scenario.ts';

/** A steady NVMe device of page-sized reads; change what matters to the test. */
export function deviceWith(changes: Partial<DeviceSpec> = {}): DeviceSpec {
  return {
    name: 'nvme0',
    kind: 'nvme',
    note: '',
    ratePerSecond: 20_000,
    depth: 64,
    sizes: [{ bytes: 4096, weight: 1 }],
    readShare: 0.5,
    latencyUs: 200,
    latencySpread: 0.4,
    bytesPerUs: 2000,
    parallel: 32,
    highMemoryShare: 0,
    contiguity: 1,
    startMs: 0,
    burst: 1,
    ...changes,
  };
}

/** A network device with a receive ring of 64 buffers and small packets. */
export function networkWith(changes: Partial<DeviceSpec> = {}): DeviceSpec {
  return deviceWith({
    name: 'eth0',
    kind: 'virtio-net',
    depth: 64,
    sizes: [
      { bytes: 242, weight: 2 },
      { bytes: 9000, weight: 1 },
    ],
    ...changes,
  });
}

/** A machine where everything bounces, with a pool of 1 MiB and an area for each of 2 CPUs. */
export function machineWith(changes: Partial<MachineSpec> = {}): MachineSpec {
  return {
    memoryMiB: 1024,
    cpus: 2,
    encrypted: false,
    dynamic: false,
    commandLine: 'swiotlb=512,2,force',
    ...changes,
  };
}

/** Two hundred virtual milliseconds of the given devices on the given machine. */
export function scenarioWith(
  devices: readonly DeviceSpec[],
  machine: Partial<MachineSpec> = {},
): Scenario {
  return {
    id: 'test',
    title: 'Test',
    watch: 'Nothing in particular.',
    seed: 1,
    machine: machineWith(machine),
    devices,
    lengthMs: 200,
    speed: 0.01,
    openAtMs: 0,
  };
}

/** One of a device's figures, a `DEVICE` index. */
export function figure({ ledger }: Run, device: number, field: number): number {
  return ledger.deviceRows[device * DEVICE_FIELDS + field] ?? Number.NaN;
}
