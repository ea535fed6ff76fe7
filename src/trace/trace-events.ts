/**
 * A stretch of a run in the Trace Event Format of Chrome's tracing, which Perfetto and chrome://tracing
 * open: what each CPU does as slices, requests with the devices and sleepers in the throttle as
 * asynchronous spans, growth and failed maps as instants, use and capacity as counters.
 *
 * Source: "Trace Event Format", Google, docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
 * Times in it are microseconds; virtual ns are written as three decimals, exactly.
 */
import {
  CPU_KINDS,
  DIRECTIONS,
  FAIL_CAUSES,
  GROWERS,
  RECORD,
  type RecordKind,
  type RunRecords,
} from '../engine/run-records.ts';

/** What a trace says of where it comes from. */
export interface TraceFacts {
  readonly scenario: string;
  readonly seed: number;
  readonly cpus: number;
  /** Names, by index. */
  readonly devices: readonly string[];
  /** The stretch, virtual ns; `toNs` is where it ends indeed. */
  readonly fromNs: number;
  readonly toNs: number;
  /** There was more than was noted. */
  readonly isCut: boolean;
}

/** One entry of `traceEvents`. */
export interface TraceEvent {
  readonly name: string;
  readonly cat?: string;
  /** Complete slice, begin and end of an asynchronous span, instant, counter, metadata. */
  readonly ph: 'X' | 'b' | 'e' | 'i' | 'C' | 'M';
  /** Virtual ns; written as microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: string;
  /** Scope of an instant: its thread. */
  readonly s?: 't';
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

/** The groups of tracks, by `pid`. */
export const TRACKS = { cpus: 1, devices: 2, throttle: 3, growth: 4, memory: 5 } as const;

const GROUPS = ['CPUs', 'Devices', 'Throttle', 'Growth', 'Memory'] as const;
/** How a CPU's doing reads. */
const CPU_WORDS: Readonly<Record<(typeof CPU_KINDS)[number], string>> = {
  search: 'map: search',
  spin: 'spin for area lock',
  'copy-in': 'copy to slots',
  'make-pool': 'map: make a transient pool',
  'copy-back': 'copy back',
  release: 'unmap: release',
};
/** Counters, by the field of a `counters` row that they stand in. */
const COUNTERS = [
  ['io_tlb_used', RECORD.pool],
  ['io_tlb_nslabs', RECORD.slot],
  ['io_tlb_transient_nslabs', RECORD.slots],
  ['io_tlb_used_hiwater', RECORD.bytes],
  ['asleep in the throttle', RECORD.serial],
] as const;
/** Events written in one piece. */
const EVENTS = 2048;

/** A row of numbers by name. */
type Read = (field: number) => number;

/** What is known of something, without what is not. */
function known(args: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value >= 0));
}

function isCpuKind(kind: RecordKind): kind is (typeof CPU_KINDS)[number] {
  return CPU_KINDS.some((one) => one === kind);
}

function named(name: string, pid: number, tid: number, word: string): TraceEvent {
  return { name, ph: 'M', pid, tid, args: { name: word } };
}

/** What has no row of its own: the names of groups and tracks. */
function names({ cpus, devices }: TraceFacts): TraceEvent[] {
  return [
    ...GROUPS.map((word, index) => named('process_name', index + 1, 0, word)),
    ...GROUPS.map((_, index): TraceEvent => ({
      name: 'process_sort_index',
      ph: 'M',
      pid: index + 1,
      tid: 0,
      args: { sort_index: index },
    })),
    ...Array.from({ length: cpus }, (_, cpu) =>
      named('thread_name', TRACKS.cpus, cpu + 1, `CPU ${cpu}`),
    ),
    ...devices.map((device, index) => named('thread_name', TRACKS.devices, index + 1, device)),
    named('thread_name', TRACKS.throttle, 1, 'sleepers'),
    named('thread_name', TRACKS.growth, 1, 'attempts to grow'),
  ];
}

/** Both ends of something that several of can go on at a time. */
function span(
  read: Read,
  { toNs }: TraceFacts,
  what: Pick<TraceEvent, 'name' | 'cat' | 'pid' | 'tid'>,
  args: Record<string, number>,
): TraceEvent[] {
  const ts = read(RECORD.timeNs);
  const lengthNs = read(RECORD.durationNs);
  const isOpen = lengthNs < 0;
  const end = isOpen ? Math.max(ts, toNs) : ts + lengthNs;
  const id = `0x${read(RECORD.serial).toString(16)}`;
  const told = isOpen ? { ...args, 'goes on': true } : args;
  return [
    { ...what, ph: 'b', ts, id, args: told },
    { ...what, ph: 'e', ts: end, id },
  ];
}

function instant(read: Read, what: Omit<TraceEvent, 'ph' | 'ts' | 's'>): TraceEvent {
  return { ...what, ph: 'i', s: 't', ts: read(RECORD.timeNs) };
}

function grown(read: Read, kind: RecordKind): TraceEvent {
  const slots = read(RECORD.slots);
  const what = kind === 'transient' ? 'transient pool' : 'pool';
  return instant(read, {
    name: slots > 0 ? `${what} of ${slots} slots` : `no ${what}`,
    cat: 'growth',
    pid: TRACKS.growth,
    tid: 1,
    args: {
      for: GROWERS[read(RECORD.code)] ?? '',
      slots,
      'took ns': read(RECORD.durationNs),
    },
  });
}

function failed(read: Read): TraceEvent {
  return instant(read, {
    name: `failed map: ${FAIL_CAUSES[read(RECORD.code)] ?? ''}`,
    cat: 'failure',
    pid: TRACKS.cpus,
    tid: read(RECORD.cpu) + 1,
    args: known({ bytes: read(RECORD.bytes), device: read(RECORD.device) }),
  });
}

function mapped(read: Read, kind: RecordKind, devices: readonly string[]): TraceEvent {
  return instant(read, {
    name: kind,
    cat: 'mapping',
    pid: TRACKS.cpus,
    tid: read(RECORD.cpu) + 1,
    args: {
      device: devices[read(RECORD.device)] ?? '',
      direction: DIRECTIONS[read(RECORD.direction)] ?? '',
      ...known({
        mapping: read(RECORD.serial),
        pool: read(RECORD.pool),
        slot: read(RECORD.slot),
        slots: read(RECORD.slots),
        bytes: read(RECORD.bytes),
      }),
    },
  });
}

function slice(kind: (typeof CPU_KINDS)[number], read: Read, device: string): TraceEvent {
  return {
    name: CPU_WORDS[kind],
    cat: 'cpu',
    ph: 'X',
    ts: read(RECORD.timeNs),
    dur: read(RECORD.durationNs),
    pid: TRACKS.cpus,
    tid: read(RECORD.cpu) + 1,
    args: {
      device,
      ...known({
        mapping: read(RECORD.serial),
        pool: read(RECORD.pool),
        bytes: read(RECORD.bytes),
      }),
    },
  };
}

function counters(read: Read): TraceEvent[] {
  const at = { ph: 'C', ts: read(RECORD.timeNs), pid: TRACKS.memory, tid: 0 } as const;
  return COUNTERS.map(([name, field]) => ({ name, ...at, args: { value: read(field) } }));
}

/** What one row becomes. The ends of a wait are those of `sleep`. */
function eventsOf(kind: RecordKind, read: Read, facts: TraceFacts): TraceEvent[] {
  const index = read(RECORD.device);
  const device = facts.devices[index] ?? '';
  if (isCpuKind(kind)) return [slice(kind, read, device)];
  if (kind === 'request') {
    const what = { name: device, cat: 'request', pid: TRACKS.devices, tid: index + 1 };
    return span(read, facts, what, known({ bytes: read(RECORD.bytes) }));
  }
  if (kind === 'sleep') {
    const what = { name: `${device} asleep`, cat: 'sleep', pid: TRACKS.throttle, tid: 1 };
    return span(read, facts, what, {});
  }
  if (kind === 'counters') return counters(read);
  if (kind === 'map' || kind === 'unmap') return [mapped(read, kind, facts.devices)];
  if (kind === 'fail') return [failed(read)];
  return kind === 'grow' || kind === 'transient' ? [grown(read, kind)] : [];
}

/** All events: names first, then by time; at one moment what ends stands before what begins. */
export function traceEvents(records: RunRecords, facts: TraceFacts): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let row = 0; row < records.count; row++) {
    const read: Read = (field) => records.field(row, field);
    events.push(...eventsOf(records.kind(row), read, facts));
  }
  // The sort is stable: both ends of a span of no length stay in order.
  const timed = events.toSorted((one, other) => (one.ts ?? 0) - (other.ts ?? 0));
  return [...names(facts), ...timed];
}

/** ns as microseconds, all three decimals. */
function micros(ns: number): string {
  return `${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, '0')}`;
}

function written({ ts, dur, ...event }: TraceEvent): string {
  const plain = JSON.stringify(event).slice(0, -1);
  const at = ts === undefined ? '' : `,"ts":${micros(ts)}`;
  const length = dur === undefined ? '' : `,"dur":${micros(dur)}`;
  return `${plain}${at}${length}}`;
}

/** The file, in pieces. The same records give the same bytes. */
export function* traceJson(records: RunRecords, facts: TraceFacts): Generator<string, void> {
  const { scenario, seed, fromNs, toNs, isCut } = facts;
  const said = {
    source: 'Bouncescope: modelled, not measured',
    scenario,
    seed,
    'from virtual ns': fromNs,
    'to virtual ns': toNs,
    ...(isCut ? { cut: 'there was more than is noted here' } : {}),
  };
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify(said)},"traceEvents":[\n`;
  const events = traceEvents(records, facts);
  for (let from = 0; from < events.length; from += EVENTS) {
    const lines = events.slice(from, from + EVENTS).map(written);
    yield `${from > 0 ? ',\n' : ''}${lines.join(',\n')}`;
  }
  yield '\n]}\n';
}
