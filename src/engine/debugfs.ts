/**
 * Writes to /sys/kernel/debug/swiotlb and to the sysctls of the throttle, answered as the kernel
 * answers them.
 *
 * Follows simple_attr_write() of fs/libfs.c, kstrtoull() of lib/kstrtox.c and proc_doulongvec_minmax()
 * of kernel/sysctl.c, Linux 6.12; the files are those of the RFC (`throttle.ts`). It differs in one
 * thing: a count here is exact up to 2^53 - 1, so a larger value becomes that.
 */
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Throttle } from '../model/throttle.ts';
import type { TlbMem } from '../model/tlb-mem.ts';

/** Where the sysctls are, as the mailing list settled on it. */
export const SYSCTL_DIRECTORY = '/proc/sys/kernel/dma/swiotlb_default';

/** The same of a restricted region; empty is the default allocator. */
export function sysctlDirectory(region: string): string {
  return region === '' ? SYSCTL_DIRECTORY : `/proc/sys/kernel/dma/swiotlb_${region}`;
}

/** What a write of text comes to: a number, or the kernel's word for why not. */
export type KernelNumber =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'fault'; readonly word: string };

/** Files that can be read but not written (0400). */
const READ_ONLY = ['io_tlb_nslabs', 'io_tlb_used', 'io_tlb_transient_nslabs'];
const HIWATER = 'io_tlb_used_hiwater';
/** Sets each file of the throttle (0600). */
const THROTTLE_FILES: ReadonlyMap<string, (throttle: Throttle, value: number) => void> = new Map([
  ['high_throttle', (throttle, value) => void (throttle.highThrottle = value)],
  ['low_throttle', (throttle, value) => void (throttle.lowThrottle = value)],
  ['high_throttle_count', (throttle, value) => void (throttle.highThrottleCount = value)],
  ['low_throttle_count', (throttle, value) => void (throttle.lowThrottleCount = value)],
]);
/** The two that are sysctls as well. */
const SYSCTLS = ['high_throttle', 'low_throttle'];

/** `sizeof(attr->set_buf) - 1`: what is behind it is not looked at. */
const ATTRIBUTE_CHARS = 23;
/** `TMPBUFLEN - 2`: a longer number is refused. */
const SYSCTL_CHARS = 20;
const U64_MAX = 2n ** 64n - 1n;
const EINVAL = { kind: 'fault', word: 'Invalid argument' } as const;
const ERANGE = { kind: 'fault', word: 'Numerical result out of range' } as const;

/**
 * `kstrtoull(text, 0)`: decimal, octal after a 0, hex after 0x; one plus in front, one newline
 * behind, and nothing else.
 */
export function attributeNumber(text: string): KernelNumber {
  const seen = text.slice(0, ATTRIBUTE_CHARS).replace(/\n$/, '').replace(/^\+/, '');
  const value = unsignedOf(seen);
  if (value === null) return EINVAL;
  return value > U64_MAX ? ERANGE : { kind: 'number', value };
}

/** What a sysctl takes: white space around the number, what follows a space unread; no sign. */
export function sysctlNumber(text: string): KernelNumber {
  const word = /^\s*(\S+)/.exec(text)?.[1] ?? '';
  const value = word.length > SYSCTL_CHARS ? null : unsignedOf(word);
  return value === null || value > U64_MAX ? EINVAL : { kind: 'number', value };
}

/** A number that fits 64 bits, as it is kept here. */
export function countOf(value: bigint): number {
  return Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : value);
}

/**
 * Writes `text` to a file of the debugfs directory (`region/name` for a restricted pool's),
 * or to a sysctl by its whole path. Thresholds take any number, also low above high, 0, or more than there are slots.
 *
 * @returns null when it was done, else what a shell says.
 */
export function writeDebugfs(swiotlb: Swiotlb, file: string, text: string): string | null {
  const { mem, name, sysctl } = fileIn(swiotlb, file);
  const set = mem?.throttle.isOn === true ? THROTTLE_FILES.get(name) : undefined;
  if (mem && READ_ONLY.includes(name)) return `sh: can't create ${file}: Permission denied`;
  if (!mem || (!set && name !== HIWATER)) {
    return `sh: can't create ${file}: No such file or directory`;
  }
  const number = sysctl ? sysctlNumber(text) : attributeNumber(text);
  if (number.kind === 'fault') return `sh: write error: ${number.word}`;
  const value = countOf(number.value);
  if (set) set(mem.throttle, value);
  else if (!mem.writeHiwater(value)) return `sh: write error: ${EINVAL.word}`;
  return null;
}

/** The allocator whose file it is, undefined when there is none, and the file's own name. */
interface FoundFile {
  readonly mem: TlbMem | undefined;
  readonly name: string;
  readonly sysctl: boolean;
}

/** A file of debugfs is named from its directory on, a sysctl by its whole path. */
function fileIn({ mems }: Swiotlb, file: string): FoundFile {
  const end = file.lastIndexOf('/');
  const name = file.slice(end + 1);
  const directory = end < 0 ? '' : file.slice(0, end) || '/';
  const sysctl = directory.startsWith('/');
  const mem = mems.find((one) =>
    sysctl
      ? directory === sysctlDirectory(one.name) && SYSCTLS.includes(name)
      : directory === one.name,
  );
  return { mem, name, sysctl };
}

/** An unsigned number in C's three bases, or null. */
function unsignedOf(text: string): bigint | null {
  if (/^0[xX][\da-fA-F]+$/.test(text)) return BigInt(text.toLowerCase());
  if (/^0[0-7]*$/.test(text)) return BigInt(`0o${text}`);
  return /^[1-9]\d*$/.test(text) ? BigInt(text) : null;
}
