/** A recording as text, for tests that draw their own machine. */
export type Line = Readonly<Record<string, unknown>>;

/** Base of the drawn machine's pool. */
export const POOL_BASE = 0x3e00_0000;

/** A header of one small pool, two areas of 128 slots, and one device without demands. */
export function headerLine(changes: Line = {}): Line {
  return {
    format: 'swiotlb-trace',
    version: 1,
    kernel: '6.12.0-test',
    cmdline: 'root=/dev/vda oracle.work=test swiotlb=256,2,force',
    pool: { base: hex(POOL_BASE), nslabs: 256, areas: 2, areaSize: 128 },
    cpus: 2,
    start: { used: 0, hiwater: 0, hints: [0, 0] },
    order: 'lock',
    devices: [{ id: 0, ptr: '0xff01', name: 'disk', minAlignMask: 0 }],
    ...changes,
  };
}

/** A map of `size` bytes that searched `locks` and got `slot` (null = it failed). */
export function mapLine(
  seq: number,
  slot: number | null,
  locks: readonly unknown[],
  changes: Line = {},
): Line {
  return {
    t: seq / 1000,
    cpu: 0,
    pid: 1,
    seq,
    op: 'map',
    dev: 0,
    orig: '0x100000000',
    size: 2048,
    align: 0,
    dir: 1,
    locks,
    ret: slot === null ? null : hex(POOL_BASE + slot * 2048),
    ...(slot === null ? {} : { slot }),
    ...changes,
  };
}

/** An unmap of the mapping that starts at `slot`, with its lock. */
export function unmapLine(
  seq: number,
  slot: number,
  lock: readonly unknown[],
  changes: Line = {},
): Line {
  return {
    t: seq / 1000,
    cpu: 0,
    pid: 1,
    seq,
    op: 'unmap',
    dev: 0,
    tlb: hex(POOL_BASE + slot * 2048),
    size: 2048,
    dir: 1,
    lock,
    slot,
    ...changes,
  };
}

/** Lines as the bytes of a file. */
export function bytesOfLines(lines: readonly Line[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
