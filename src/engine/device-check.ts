/** Devices of a scenario from outside, and single controls, checked field by field. */
import { DEVICE_KINDS } from './device-kinds.ts';
import { MAX_RING_BUFFERS } from './driver.ts';
import {
  flagFault,
  isRecord,
  numberFault,
  quoted,
  textFault,
  wholeFault,
  wordFault,
} from './field-check.ts';
import { DEVICE_CONTROLS, type DeviceControl, type DeviceSpec } from './scenario.ts';

const MAX_RATE = 2_000_000;
/** NVMe queues have 1,024 entries, one of them always empty. */
const MAX_DEPTH = 1023;
const MAX_SIZES = 16;
const MAX_REQUEST_BYTES = 1_048_576;
const MAX_PACKET_BYTES = 65_536;
const MAX_GPU_BUFFER_BYTES = 67_108_864;
/** A buffer of 34 MiB, and some. */
const MAX_DISPLAY_BYTES = 37_748_736;
const MAX_WEIGHT = 1_000_000;
const MAX_BURST = 1000;
const MAX_LATENCY_US = 10_000_000;
const MAX_SPREAD = 3;
const MAX_BYTES_PER_US = 100_000;
const MAX_PARALLEL = 1024;
const MAX_START_MS = 60_000;
const MAX_TASKS = 4096;
const MAX_BATCH = 1024;

/** Faults of one device, a sentence each; `name` is how the sentences call it. */
export function checkDevice(name: string, device: unknown): readonly string[] {
  if (!isRecord(device)) return [`${name} is ${quoted(device)}; it must be an object`];
  const isNet = device['kind'] === 'virtio-net';
  const field = (key: keyof DeviceSpec) => [`${name}.${key}`, device[key]] as const;
  return [
    nameFault(...field('name')),
    wordFault(...field('kind'), Object.keys(DEVICE_KINDS)),
    textFault(...field('note'), 0, 60),
    ...DEVICE_CONTROLS.map((key) => CONTROL_CHECKS[key](...field(key), isNet)),
    ...sizesFaults(...field('sizes'), mostBytes(device['kind'])),
    numberFault(...field('latencySpread'), 0, MAX_SPREAD),
    numberFault(...field('bytesPerUs'), 0.001, MAX_BYTES_PER_US),
    wholeFault(...field('parallel'), 1, MAX_PARALLEL),
    numberFault(...field('highMemoryShare'), 0, 1),
    numberFault(...field('contiguity'), 0, 1),
    numberFault(...field('startMs'), 0, MAX_START_MS),
    ...submitterFaults(name, device),
    ...sleeperFaults(name, device),
  ].filter((fault) => fault !== null);
}

function submitterFaults(
  name: string,
  { kind, tasks, batch, polling, closed }: Readonly<Record<string, unknown>>,
): (string | null)[] {
  return [
    closed === undefined ? null : flagFault(`${name}.closed`, closed),
    closed === true && kind === 'virtio-net'
      ? `${name}.closed is true; the tasks of a network device are not modelled`
      : null,
    tasks === undefined ? null : wholeFault(`${name}.tasks`, tasks, 1, MAX_TASKS),
    batch === undefined ? null : wholeFault(`${name}.batch`, batch, 1, MAX_BATCH),
    polling === undefined ? null : flagFault(`${name}.polling`, polling),
    polling === true && kind !== 'nvme'
      ? `${name}.polling is true; only an nvme device has queues that are polled`
      : null,
  ];
}

function sleeperFaults(
  name: string,
  { kind, maySleep, writeback }: Readonly<Record<string, unknown>>,
): (string | null)[] {
  return [
    maySleep === undefined ? null : flagFault(`${name}.maySleep`, maySleep),
    writeback === undefined ? null : flagFault(`${name}.writeback`, writeback),
    writeback === true && (kind === 'virtio-net' || kind === 'vc4')
      ? `${name}.writeback is true; only a disk has page cache to write`
      : null,
  ];
}

/** Why a control of a device cannot be set to `value`, in one sentence, or null. */
export function checkControl(
  device: DeviceSpec,
  control: DeviceControl,
  value: unknown,
): string | null {
  const isNet = device.kind === 'virtio-net';
  return CONTROL_CHECKS[control](`${device.name}.${control}`, value, isNet);
}

type ControlCheck = (name: string, value: unknown, isNet: boolean) => string | null;

const CONTROL_CHECKS: { readonly [control in DeviceControl]: ControlCheck } = {
  ratePerSecond: (name, value) => numberFault(name, value, 0, MAX_RATE),
  depth: (name, value, isNet) => wholeFault(name, value, 1, isNet ? MAX_RING_BUFFERS : MAX_DEPTH),
  latencyUs: (name, value) => numberFault(name, value, 0.1, MAX_LATENCY_US),
  burst: (name, value) => numberFault(name, value, 1, MAX_BURST),
  readShare: (name, value) => numberFault(name, value, 0, 1),
};

function nameFault(name: string, value: unknown): string | null {
  if (typeof value === 'string' && /^[a-z][a-z0-9_-]{0,23}$/.test(value)) return null;
  return `${name} is ${quoted(value)}; it must be a lower-case name of at most 24 characters`;
}

function mostBytes(kind: unknown): number {
  if (kind === 'gpu') return MAX_GPU_BUFFER_BYTES;
  if (kind === 'vc4') return MAX_DISPLAY_BYTES;
  return kind === 'virtio-net' ? MAX_PACKET_BYTES : MAX_REQUEST_BYTES;
}

function sizesFaults(name: string, sizes: unknown, most: number): (string | null)[] {
  if (!Array.isArray(sizes)) return [`${name} is ${quoted(sizes)}; it must be a list`];
  if (sizes.length < 1 || sizes.length > MAX_SIZES) {
    return [`${name} has ${sizes.length} entries; it must have 1 to ${MAX_SIZES}`];
  }
  return sizes.flatMap((share: unknown, index) => {
    const at = `${name}[${index}]`;
    if (!isRecord(share)) return [`${at} is ${quoted(share)}; it must be an object`];
    return [
      wholeFault(`${at}.bytes`, share['bytes'], 1, most),
      numberFault(`${at}.weight`, share['weight'], 0.000001, MAX_WEIGHT),
    ];
  });
}
