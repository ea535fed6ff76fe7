/**
 * What a run starts from: a machine, its boot line, and devices with their loads. Data only; the
 * shipped ones live in `src/scenarios/`, and any other is checked field by field by
 * `scenario-check.ts` before it gets here.
 */
import type { GrowthMode } from './growth-mode.ts';
import type { PolicyId } from '../model/throttle-policies.ts';

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
  /**
   * Which answer to a full pool its kernel has. Left out: what Linux 6.12 does with or without
   * `dynamic`; else `dynamic` is as the mode says.
   */
  readonly mode?: GrowthMode;
  /** Mode `cma`: MiB of the region reserved at boot, 4 to 65,536. Left out: 64. */
  readonly cmaMiB?: number;
  /** What lies where in memory. Left out: a PC. */
  readonly board?: Board;
  /** Kernel command line, at most 512 characters; every `swiotlb=` in it acts. */
  readonly commandLine: string;
  /**
   * Memory that firmware reserves for single devices (`restricted-dma-pool` in the device tree,
   * CONFIG_DMA_RESTRICTED_POOL), at most 8 regions. Left out: none.
   */
  readonly restricted?: readonly RestrictedRegion[];
  /**
   * Encrypted guest: MiB that the host agrees to share in all, boot pool included, 1 to 65,536; a
   * conversion beyond fails. Left out: any number.
   */
  readonly hostShareMiB?: number;
  /** What the memory has been through before the run; matters to a machine that grows. */
  readonly ageing?: AgeingSpec;
}

/** A region of reserved memory that is all its devices can use. */
export interface RestrictedRegion {
  /** The node's name in the device tree, at most 31 characters; its debugfs directory has it too. */
  readonly name: string;
  /** 4,096 to 67,108,864, whole pages. */
  readonly bytes: number;
}

/** Boards with a memory map of their own: a PC, and the Raspberry Pi 4 with up to 4 GiB. */
export const BOARDS = ['pc', 'rpi4'] as const;
/** One of `BOARDS`. */
export type Board = (typeof BOARDS)[number];

/** A load that ran before: page cache and kernel objects that came and went. */
export interface AgeingSpec {
  /** Simulated uptime in hours, 0 to 10,000. */
  readonly uptimeHours: number;
  /** Share of memory in use at the end, 0 to 0.98; 0 = as booted. */
  readonly fill: number;
  /** Share of requests that are for kernel objects, which never move, 0 to 1. */
  readonly kernelShare: number;
}

/** Memory as boot left it. */
export const NO_AGEING: AgeingSpec = { uptimeHours: 0, fill: 0, kernelShare: 0.1 };

/** Device kinds with a queue model of their own (`spec` of the DMA layer). */
export type DeviceKind =
  | 'nvme'
  | 'storvsc'
  | 'virtio-blk'
  | 'ahci'
  | 'uas'
  | 'virtio-net'
  | 'legacy32'
  | 'gpu'
  | 'vc4'
  | 'sdhci';

/** One mapping size and how often it is asked for, relative to the others of the device. */
export interface SizeShare {
  /**
   * 1 to 1,048,576 bytes. Larger requests are cut into lists as the driver does. Of a GPU: its
   * buffers, up to 64 MiB; of a display: up to 36 MiB.
   */
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
  /**
   * Requests the driver keeps in flight at most; buffers in the receive ring for a network; of a
   * GPU the buffers it keeps.
   */
  readonly depth: number;
  readonly sizes: readonly SizeShare[];
  /** Share of requests that read from the device, 0 to 1. */
  readonly readShare: number;
  /**
   * Median service time of a request in microseconds, and the spread (sigma of its log-normal); of
   * a GPU how long it keeps a buffer.
   */
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
  /**
   * Tasks that submit, dealt out over the CPUs in turn, 1 to 4,096; a task asleep in the throttle
   * submits nothing. Left out: one a CPU. Of no meaning to a network device.
   */
  readonly tasks?: number;
  /** Buffers that one system call asks for, 1 to 1,024. Left out: 1. */
  readonly batch?: number;
  /** Its maps carry `DMA_ATTR_MAY_SLEEP`, as the RFC of March 2023 proposed; other kernels ignore it. */
  readonly maySleep?: boolean;
  /**
   * What it writes is page cache that fills the machine's memory: its pages are in use until they
   * are written. One device of a machine at most; of no meaning without a page allocator.
   */
  readonly writeback?: boolean;
  /** Completions come by the submitting task's polling instead of an interrupt. */
  readonly polling?: boolean;
  /**
   * Each task asks for its next buffer when its last one is over, and `ratePerSecond` and `burst`
   * mean nothing: threads of a benchmark. Not for a network device.
   */
  readonly closed?: boolean;
  /** Name of the machine's restricted region that it is confined to. Left out: none. */
  readonly restrictedPool?: string;
}

/** How the kernel throttles, and what it was told at boot by a sysctl file. */
export interface ThrottleSpec {
  readonly policy: PolicyId;
  /** Slots; null = as init computes them from the pool: 70 and 65 percent. */
  readonly high: number | null;
  readonly low: number | null;
  /** `timeout-grow`: how long a request waits for room, virtual ms, 0.001 to 60,000. */
  readonly timeoutMs: number;
  /** Waits longer than this count as starved, virtual ms, 0.001 to 3,600,000. */
  readonly starvedMs: number;
}

/** No throttling, as in mainline. */
export const NO_THROTTLE: ThrottleSpec = {
  policy: 'none',
  high: null,
  low: null,
  timeoutMs: 20,
  starvedMs: 100,
};

/** What a scenario says of throttling. */
export function throttleOf({ throttle = NO_THROTTLE }: Pick<Scenario, 'throttle'>): ThrottleSpec {
  return throttle;
}

/** What the list argued over, for a scenario that shows one of its arguments. */
export interface Argument {
  /** Number of the claim, 1 to 16, in the order of the thread; 11 and later are of recordings. */
  readonly claim: number;
  /** Who argued it where, in one sentence. */
  readonly where: string;
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
  /** Heading it stands under in the picker. Left out: with the allocator's. */
  readonly group?: ScenarioGroup;
  /** Left out: `NO_THROTTLE`. */
  readonly throttle?: ThrottleSpec;
  /** The argument it shows. */
  readonly argument?: Argument;
  /** What runs beside it from the start: the same under another policy, or a bundled recording. */
  readonly beside?: Beside;
}

/** Headings of the picker. */
export const SCENARIO_GROUPS = ['allocator', 'throttling', 'growing'] as const;
/** One of `SCENARIO_GROUPS`. */
export type ScenarioGroup = (typeof SCENARIO_GROUPS)[number];

/** A run to compare with. */
export type Beside =
  | { readonly kind: 'policy'; readonly policy: PolicyId }
  /** The same machine, booted in another mode. */
  | { readonly kind: 'mode'; readonly mode: GrowthMode }
  /** Name of a bundled recording, without its ending. */
  | { readonly kind: 'recording'; readonly name: string };

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
