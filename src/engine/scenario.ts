/**
 * What a run starts from: a machine, its boot line, and devices with their loads. Data only; the
 * shipped ones live in `src/scenarios/`, and any other is checked field by field by
 * `scenario-check.ts` before it gets here.
 */

/** The machine before the command line is read. */
export interface MachineSpec {
  /** Memory in MiB, 64 to 1,048,576. */
  readonly memoryMiB: number;
  /** Possible CPUs, 1 to 128. */
  readonly cpus: number;
  /** SEV or TDX guest: everything bounces, and the pool is sized by the 6 % rule. */
  readonly encrypted: boolean;
  /** CONFIG_SWIOTLB_DYNAMIC. */
  readonly dynamic: boolean;
  /** Kernel command line, at most 512 characters; every `swiotlb=` in it acts. */
  readonly commandLine: string;
}

/** Device kinds with a queue model of their own (`spec` of the DMA layer). */
export type DeviceKind = 'nvme' | 'virtio-blk' | 'virtio-net' | 'legacy32';

/** One mapping size and how often it is asked for, relative to the others of the device. */
export interface SizeShare {
  /** 1 to 1,048,576 bytes. Larger requests are cut into lists as the driver does. */
  readonly bytes: number;
  readonly weight: number;
}

/** A device and its load; every number is a control on the page. */
export interface DeviceSpec {
  /** Unique, as the kernel would name it: `nvme0`, `eth0`. At most 24 characters. */
  readonly name: string;
  readonly kind: DeviceKind;
  /** One short phrase under the name: "local SSD". */
  readonly note: string;
  /** Requests (packets for a network device) a second that the upper layer wants to send. */
  readonly ratePerSecond: number;
  /** Requests the driver keeps in flight at most; buffers in the receive ring for a network. */
  readonly depth: number;
  readonly sizes: readonly SizeShare[];
  /** Share of requests that read from the device, 0 to 1. */
  readonly readShare: number;
  /** Median service time of a request in microseconds, and the spread (sigma of its log-normal). */
  readonly latencyUs: number;
  readonly latencySpread: number;
  /** Bytes a microsecond the device moves, shared by its parallel services. */
  readonly bytesPerUs: number;
  /** Requests the device serves at the same time. */
  readonly parallel: number;
  /** Share of buffers that lie above 4 GiB, 0 to 1; decides who bounces on an unencrypted machine. */
  readonly highMemoryShare: number;
  /** How often the next page of a buffer follows physically, 0 to 1: 1 makes no lists at all. */
  readonly contiguity: number;
  /** Virtual milliseconds until its load begins; the driver is up from the start. */
  readonly startMs: number;
  /** Burst factor: 1 is a steady stream, 10 sends ten times the rate a tenth of the time. */
  readonly burst: number;
}

/** A machine, its load and how it is shown: all that a run depends on. See `checkScenario`. */
export interface Scenario {
  /** Kebab-case, unique. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what to watch. */
  readonly watch: string;
  readonly seed: number;
  readonly machine: MachineSpec;
  readonly devices: readonly DeviceSpec[];
  /** Length of the run in virtual milliseconds. */
  readonly lengthMs: number;
  /** Virtual seconds a wall second, when the scenario opens. */
  readonly speed: number;
  /** Virtual milliseconds to run before the first picture, so that it opens on a filled moment. */
  readonly openAtMs: number;
}

/** The device controls that act on the running simulation at once. */
export const DEVICE_CONTROLS = [
  'ratePerSecond',
  'depth',
  'latencyUs',
  'burst',
  'readShare',
] as const;
/** One of `DEVICE_CONTROLS`. */
export type DeviceControl = (typeof DEVICE_CONTROLS)[number];
