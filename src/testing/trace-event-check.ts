/**
 * The rules of the Trace Event Format, as far as a trace of this page uses it; each broken one is a
 * sentence. Written from the format's own description, not from the writer.
 */

/** An entry as it was read from a file: nothing is known of it. */
type Entry = Readonly<Record<string, unknown>>;

interface Slice {
  readonly fromNs: number;
  readonly toNs: number;
}

/** At most so many sentences: one broken rule breaks it often. */
const SENTENCES = 20;

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Microseconds with three decimals as whole ns; NaN for what is no time. */
function nsOf(value: unknown): number {
  const ns = typeof value === 'number' ? value * 1000 : NaN;
  return ns >= 0 && Math.abs(ns - Math.round(ns)) < 0.01 ? Math.round(ns) : NaN;
}

/** What each phase asks for. */
const PHASES: Readonly<Record<string, (entry: Entry) => string | null>> = {
  X: ({ dur }) => (Number.isNaN(nsOf(dur)) ? `dur is ${String(dur)}` : null),
  b: spanFault,
  e: spanFault,
  i: ({ s }) => (s === 't' || s === 'p' || s === 'g' ? null : `scope is ${String(s)}`),
  C: ({ args }) => {
    const values = isEntry(args) ? Object.values(args) : [];
    const isGood = values.length > 0 && values.every((value) => typeof value === 'number');
    return isGood ? null : 'a counter without numbers';
  },
};

function spanFault({ id, cat }: Entry): string | null {
  return typeof id === 'string' && typeof cat === 'string' ? null : 'no id or no cat';
}

/** What every entry must have, and what its phase asks for. */
function faultOf(entry: unknown): string | null {
  if (!isEntry(entry)) return 'it is no object';
  const { name, ph, pid, tid, ts, args } = entry;
  if (typeof name !== 'string' || name === '') return 'it has no name';
  if (!Number.isInteger(pid) || !Number.isInteger(tid)) return 'pid and tid are not whole';
  if (ph === 'M') return isEntry(args) ? null : 'metadata has no args';
  if (Number.isNaN(nsOf(ts))) return `ts is ${String(ts)}`;
  const phase = PHASES[String(ph)];
  return phase ? phase(entry) : `the phase is ${String(ph)}`;
}

/** Slices of one thread must lie within each other or apart. */
function nestingFaults(slices: readonly Slice[], where: string): string[] {
  const open: Slice[] = [];
  const ordered = slices.toSorted((a, b) => a.fromNs - b.fromNs || b.toNs - a.toNs);
  return ordered.flatMap((slice) => {
    while (open.length > 0 && (open.at(-1)?.toNs ?? 0) <= slice.fromNs) open.pop();
    const around = open.at(-1);
    open.push(slice);
    if (around === undefined || slice.toNs <= around.toNs) return [];
    return [`${where}: a slice from ${slice.fromNs} to ${slice.toNs} ns sticks out of another`];
  });
}

/** What has been read so far. */
interface Reading {
  /** Spans begun and not ended, by process, category and id. */
  readonly open: Set<string>;
  /** By thread. */
  readonly slices: Map<string, Slice[]>;
  lastNs: number;
}

/** What is wrong with a good entry in its place, or null. */
function placeFault(reading: Reading, entry: Entry): string | null {
  const { ph, pid, tid, cat, id } = entry;
  const fromNs = nsOf(entry['ts']);
  const key = `${String(pid)} ${String(cat)} ${String(id)}`;
  if (fromNs < reading.lastNs) return 'it is earlier than the one before';
  reading.lastNs = fromNs;
  if (ph === 'X') {
    const thread = `${String(pid)}/${String(tid)}`;
    const list = reading.slices.get(thread) ?? [];
    list.push({ fromNs, toNs: fromNs + nsOf(entry['dur']) });
    reading.slices.set(thread, list);
  }
  if (ph === 'b' && reading.open.has(key)) return `${key} is open already`;
  if (ph === 'b') reading.open.add(key);
  return ph === 'e' && !reading.open.delete(key) ? `${key} was never begun` : null;
}

/** Everything that is wrong with a file's text, `SENTENCES` at most; empty: it is a trace. */
export function traceFaults(text: string): readonly string[] {
  const file: unknown = JSON.parse(text);
  if (!isEntry(file) || !Array.isArray(file['traceEvents'])) return ['there are no traceEvents'];
  const reading: Reading = { open: new Set(), slices: new Map(), lastNs: 0 };
  const faults = (file['traceEvents'] as unknown[]).flatMap((entry, index) => {
    const own = faultOf(entry);
    const isName = isEntry(entry) && entry['ph'] === 'M';
    const fault = own ?? (isName ? null : placeFault(reading, entry as Entry));
    return fault === null ? [] : [`entry ${index}: ${fault}`];
  });
  for (const key of reading.open) faults.push(`${key} is never ended`);
  for (const [thread, list] of reading.slices) faults.push(...nestingFaults(list, thread));
  return faults.slice(0, SENTENCES);
}
