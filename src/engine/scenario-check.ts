/**
 * Scenarios from outside: links, files, messages. Each is checked field by field and built anew from
 * what was checked, so that nothing unchecked gets in.
 */
import { checkDevice } from './device-check.ts';
import {
  flagFault,
  isRecord,
  numberFault,
  quoted,
  textFault,
  wholeFault,
  wordFault,
} from './field-check.ts';
import { GROWTH_MODES, MODE_FACTS, type GrowthMode } from './growth-mode.ts';
import { BOARDS, type DeviceSpec, type MachineSpec, type Scenario } from './scenario.ts';
import { confinementFaults, regionFaults, rebuiltRegions } from './restricted-check.ts';
import { extrasFaults, rebuiltExtras } from './throttle-check.ts';

const MAX_DEVICES = 12;
const MAX_SEED = 2 ** 32 - 1;
const MAX_LENGTH_MS = 3_600_000;
/** What runs before the first picture is run at once, so it must be short. */
const MAX_OPEN_AT_MS = 2000;
const MAX_UPTIME_HOURS = 10_000;
const MAX_FILL = 0.98;
const SMALLEST_CMA_MIB = 4;
const LARGEST_CMA_MIB = 65_536;
const MOST_SHARED_MIB = 65_536;
/** The largest Raspberry Pi 4 whose memory lies below 4 GiB. */
const RPI4_MOST_MIB = 4096;
const SLOWEST = 0.00001;
const FASTEST = 10;

/** A checked scenario, or one sentence for each fault. */
export type ScenarioCheck =
  | { readonly kind: 'ok'; readonly scenario: Scenario }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

/** Checks a scenario from outside. */
export function checkScenario(value: unknown): ScenarioCheck {
  if (!isRecord(value)) {
    return { kind: 'faulty', faults: [`the scenario is ${quoted(value)}; it must be an object`] };
  }
  const faults = [
    idFault(value['id']),
    textFault('title', value['title'], 1, 60),
    textFault('watch', value['watch'], 1, 240),
    wholeFault('seed', value['seed'], 0, MAX_SEED),
    numberFault('lengthMs', value['lengthMs'], 1, MAX_LENGTH_MS),
    numberFault('speed', value['speed'], SLOWEST, FASTEST),
    openAtFault(value['openAtMs'], value['lengthMs']),
    ...machineFaults(value['machine']),
    ...devicesFaults(value['devices']),
    ...confinementFaults(value['machine'], value['devices']),
    ...extrasFaults(value),
  ].filter((fault) => fault !== null);
  if (faults.length > 0) return { kind: 'faulty', faults };
  return { kind: 'ok', scenario: rebuilt(value as unknown as Scenario) };
}

function idFault(id: unknown): string | null {
  if (typeof id === 'string' && /^[a-z0-9]+(?:-[a-z0-9]+){0,9}$/.test(id) && id.length <= 40) {
    return null;
  }
  return `id is ${quoted(id)}; it must be lower-case words joined by hyphens, at most 40 characters`;
}

function openAtFault(openAtMs: unknown, lengthMs: unknown): string | null {
  const isLength = typeof lengthMs === 'number' && lengthMs > 0;
  const latest = isLength ? Math.min(lengthMs, MAX_OPEN_AT_MS) : MAX_OPEN_AT_MS;
  return numberFault('openAtMs', openAtMs, 0, latest);
}

function machineFaults(machine: unknown): (string | null)[] {
  if (!isRecord(machine)) return [`machine is ${quoted(machine)}; it must be an object`];
  return [
    wholeFault('machine.memoryMiB', machine['memoryMiB'], 64, 1_048_576),
    wholeFault('machine.cpus', machine['cpus'], 1, 128),
    flagFault('machine.encrypted', machine['encrypted']),
    flagFault('machine.dynamic', machine['dynamic']),
    textFault('machine.commandLine', machine['commandLine'], 0, 512),
    ...ageingFaults(machine['ageing']),
    ...modeFaults(machine['mode'], machine['dynamic']),
    ...boardFaults(machine['board'], machine['memoryMiB']),
    machine['cmaMiB'] === undefined
      ? null
      : wholeFault('machine.cmaMiB', machine['cmaMiB'], SMALLEST_CMA_MIB, LARGEST_CMA_MIB),
    machine['hostShareMiB'] === undefined
      ? null
      : wholeFault('machine.hostShareMiB', machine['hostShareMiB'], 1, MOST_SHARED_MIB),
    ...regionFaults(machine['restricted'], machine['memoryMiB']),
  ];
}

function modeFaults(mode: unknown, dynamic: unknown): (string | null)[] {
  if (mode === undefined) return [];
  const fault = wordFault('machine.mode', mode, GROWTH_MODES);
  if (fault !== null) return [fault];
  const wanted = MODE_FACTS[mode as GrowthMode].dynamic;
  if (dynamic === wanted) return [];
  return [`machine.mode is ${quoted(mode)}; machine.dynamic must be ${String(wanted)} with it`];
}

function boardFaults(board: unknown, memoryMiB: unknown): (string | null)[] {
  if (board === undefined) return [];
  return [
    wordFault('machine.board', board, BOARDS),
    board === 'rpi4' ? wholeFault('machine.memoryMiB', memoryMiB, 1024, RPI4_MOST_MIB) : null,
  ];
}

function ageingFaults(ageing: unknown): (string | null)[] {
  if (ageing === undefined) return [];
  if (!isRecord(ageing)) return [`machine.ageing is ${quoted(ageing)}; it must be an object`];
  return [
    numberFault('machine.ageing.uptimeHours', ageing['uptimeHours'], 0, MAX_UPTIME_HOURS),
    numberFault('machine.ageing.fill', ageing['fill'], 0, MAX_FILL),
    numberFault('machine.ageing.kernelShare', ageing['kernelShare'], 0, 1),
  ];
}

function devicesFaults(devices: unknown): (string | null)[] {
  if (!Array.isArray(devices)) return [`devices is ${quoted(devices)}; it must be a list`];
  if (devices.length < 1 || devices.length > MAX_DEVICES) {
    return [`devices has ${devices.length} entries; it must have 1 to ${MAX_DEVICES}`];
  }
  const names = new Set<unknown>();
  let writers = 0;
  return devices.flatMap((device: unknown, index) => {
    const faults = [...checkDevice(`devices[${index}]`, device)];
    const name = isRecord(device) ? device['name'] : undefined;
    if (isRecord(device) && device['writeback'] === true && ++writers > 1) {
      faults.push(`devices[${index}].writeback is true; one device at most writes the page cache`);
    }
    if (names.has(name)) faults.push(`devices[${index}].name ${quoted(name)} is taken already`);
    names.add(name);
    return faults;
  });
}

function rebuilt(scenario: Scenario): Scenario {
  const { id, title, watch, seed, lengthMs, speed, openAtMs, machine, devices } = scenario;
  return {
    ...rebuiltExtras(scenario),
    id,
    title,
    watch,
    seed,
    lengthMs,
    speed,
    openAtMs,
    machine: rebuiltMachine(machine),
    devices: devices.map(rebuiltDevice),
  };
}

function rebuiltMachine(machine: MachineSpec): MachineSpec {
  const { memoryMiB, cpus, encrypted, dynamic, commandLine, ageing, mode, cmaMiB, board } = machine;
  const { restricted, hostShareMiB } = machine;
  const plain = {
    memoryMiB,
    cpus,
    encrypted,
    dynamic,
    commandLine,
    ...(mode === undefined ? {} : { mode }),
    ...(cmaMiB === undefined ? {} : { cmaMiB }),
    ...(restricted === undefined ? {} : { restricted: rebuiltRegions(restricted) }),
    ...(hostShareMiB === undefined ? {} : { hostShareMiB }),
    ...(board === undefined ? {} : { board }),
  };
  if (ageing === undefined) return plain;
  const { uptimeHours, fill, kernelShare } = ageing;
  return { ...plain, ageing: { uptimeHours, fill, kernelShare } };
}

function rebuiltDevice(device: DeviceSpec): DeviceSpec {
  return {
    name: device.name,
    kind: device.kind,
    note: device.note,
    ratePerSecond: device.ratePerSecond,
    depth: device.depth,
    sizes: device.sizes.map(({ bytes, weight }) => ({ bytes, weight })),
    readShare: device.readShare,
    latencyUs: device.latencyUs,
    latencySpread: device.latencySpread,
    bytesPerUs: device.bytesPerUs,
    parallel: device.parallel,
    highMemoryShare: device.highMemoryShare,
    contiguity: device.contiguity,
    startMs: device.startMs,
    burst: device.burst,
    ...(device.tasks === undefined ? {} : { tasks: device.tasks }),
    ...(device.batch === undefined ? {} : { batch: device.batch }),
    ...(device.polling === undefined ? {} : { polling: device.polling }),
    ...(device.closed === undefined ? {} : { closed: device.closed }),
    ...(device.restrictedPool === undefined ? {} : { restrictedPool: device.restrictedPool }),
    ...(device.maySleep === undefined ? {} : { maySleep: device.maySleep }),
    ...(device.writeback === undefined ? {} : { writeback: device.writeback }),
  };
}
