/**
 * `npm run bench`: measures sections and prints one JSON object (`--json`) or tables.
 *
 * Absolute times differ from machine to machine and from minute to minute; the ratios, whose two
 * sides run one after the other in this process, are what the budgets are about.
 */
import { allocatorSection, scanSection, type AllocatorRow } from './allocator-section.ts';
import { engineSection } from './engine-section.ts';
import { growthSection } from './growth-section.ts';
import { memorySection } from './memory-section.ts';
import { pageAllocatorSection } from './page-allocator-section.ts';
import { seekSection } from './seek-section.ts';
import { throttleSection } from './throttle-section.ts';

/** What the bench needs from the machine it runs on. */
export interface BenchIo {
  readonly print: (text: string) => void;
  /** Nanoseconds since some moment, never backwards. */
  readonly now: () => number;
  /** Bytes of a fixture, by its path below the fixtures' folder. */
  readonly readFixture: (name: string) => Uint8Array;
  /** Bytes held by array buffers and by the heap. */
  readonly heldBytes: () => number;
}

type Section = (io: BenchIo) => Promise<Record<string, unknown>>;

/** Upper bounds of fast/reference, per trace. */
const RATIO_BUDGETS: Readonly<Record<string, number>> = {
  '64m-1a-10': 0.8,
  '64m-1a-70': 0.1,
  '64m-1a-95': 0.035,
  '64m-8a-70': 0.16,
  '1g-32a-10': 0.8,
  '1g-32a-70': 0.06,
  '1g-32a-95': 0.014,
};

async function unpackText(packed: Uint8Array): Promise<string> {
  const stream = new Blob([Uint8Array.from(packed)])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

const SECTIONS: Readonly<Record<string, Section>> = {
  // First: growth, further down, drives the same code in other shapes, and what was compiled for one
  // of them is thrown away.
  pageAllocator: (io) => Promise.resolve({ pageAllocator: pageAllocatorSection(io.now) }),
  allocator: async (io) => {
    const placement = await unpackText(io.readFixture('vectors/d7-a.csv.gz'));
    return { allocator: allocatorSection(io.now, placement), scan: scanSection(io.now) };
  },
  engine: (io) => Promise.resolve({ engine: engineSection(io.now) }),
  growth: (io) => Promise.resolve({ growth: growthSection(io.now, io.heldBytes) }),
  memory: (io) => Promise.resolve({ memory: memorySection(io.heldBytes) }),
  seek: (io) => Promise.resolve({ seek: seekSection(io.now) }),
  throttle: (io) => Promise.resolve({ throttle: throttleSection(io.now) }),
};

/**
 * Runs the sections named in `args` (all when none is) and prints the result.
 *
 * @returns the exit status: 2 for a section that does not exist.
 */
export async function benchMain(args: readonly string[], io: BenchIo): Promise<number> {
  const json = args.includes('--json');
  const named = args.filter((arg) => arg !== '--json');
  const unknown = named.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown !== undefined) {
    io.print(`no section ${unknown}; there are ${Object.keys(SECTIONS).join(', ')}`);
    return 2;
  }
  const result: Record<string, unknown> = {};
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (named.length === 0 || named.includes(name)) Object.assign(result, await section(io));
  }
  if (json) io.print(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) printSection(io, name, value);
  return 0;
}

function printSection(io: BenchIo, name: string, value: unknown): void {
  io.print(`\n${name}`);
  if (name === 'allocator') {
    for (const row of value as AllocatorRow[]) io.print(allocatorLine(row));
    return;
  }
  for (const [field, amount] of Object.entries(value as Record<string, unknown>)) {
    io.print(
      `  ${field.padEnd(22)} ${typeof amount === 'number' ? rounded(amount) : String(amount)}`,
    );
  }
}

function allocatorLine({ trace, fastNs, referenceNs, ratio }: AllocatorRow): string {
  const budget = RATIO_BUDGETS[trace];
  const times = `fast ${fastNs.toFixed(0).padStart(6)} ns   reference ${referenceNs.toFixed(0).padStart(7)} ns`;
  const limit = budget === undefined ? '' : `   at most ${budget}`;
  return `  ${trace.padEnd(10)} ${times}   ratio ${ratio.toFixed(4)}${limit}`;
}

/** Three significant digits, thousands separated. */
function rounded(value: number): string {
  return value >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
}
