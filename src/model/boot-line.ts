/**
 * The `swiotlb=` grammar, and what each part of it did.
 *
 * Follows setup_io_tlb_npages() and swiotlb_adjust_nareas() in kernel/dma/swiotlb.c, and
 * memparse-free simple_strtoul() of lib/vsprintf.c, Linux 6.12. The unit is slots, never bytes.
 */
import { DEFAULT_POOL_SLOTS, roundUp, roundUpPowerOfTwo, SEGMENT_SLOTS } from './geometry.ts';

/** What the command line leaves behind for `swiotlb_init`. Changed in place while reading. */
export interface BootState {
  /** `default_nslabs`. */
  defaultNslabs: number;
  /** `default_nareas`; 0 = not decided yet. */
  defaultNareas: number;
  /** `swiotlb_force_bounce` and `swiotlb_force_disable`. */
  force: boolean;
  noforce: boolean;
}

/** What one part of a value did, for whoever explains it. Positions count from the value's start. */
export interface BootPart {
  readonly from: number;
  readonly to: number;
  readonly kind: 'slots' | 'areas' | 'force' | 'noforce' | 'comma' | 'ignored';
  /** The number as read, before any rounding; 0 for words. */
  readonly number: number;
  /** `default_nslabs` and `default_nareas` after this part. */
  readonly nslabs: number;
  readonly nareas: number;
}

/** The state before any `swiotlb=` was read. */
export function bootState(): BootState {
  return { defaultNslabs: DEFAULT_POOL_SLOTS, defaultNareas: 0, force: false, noforce: false };
}

/** Sets the number of areas, and rounds the size to go with it (`swiotlb_adjust_nareas`). */
export function setAreas(state: BootState, nareas: number): void {
  const areas = roundUpPowerOfTwo(Math.max(nareas, 1));
  state.defaultNareas = areas;
  state.defaultNslabs = Math.max(state.defaultNslabs, SEGMENT_SLOTS * areas);
  state.defaultNslabs = roundUpPowerOfTwo(state.defaultNslabs);
}

const HEX_NUMBER = /^0[xX][0-9a-fA-F]+/;
const OCTAL_NUMBER = /^0[0-7]*/;
const DECIMAL_NUMBER = /^[1-9][0-9]*/;

/**
 * Reads a number as `simple_strtoul(str, &str, 0)` does: 0x hex, leading 0 octal, else decimal; what
 * is beyond 64 bits wraps.
 */
function leadingNumber(text: string): { readonly length: number; readonly value: bigint } | null {
  const hex = HEX_NUMBER.exec(text)?.[0];
  if (hex !== undefined) return { length: hex.length, value: wrapped(hex) };
  const octal = OCTAL_NUMBER.exec(text)?.[0];
  if (octal !== undefined) return { length: octal.length, value: wrapped(`0o${octal}`) };
  const decimal = DECIMAL_NUMBER.exec(text)?.[0];
  if (decimal === undefined) return null;
  return { length: decimal.length, value: wrapped(decimal) };
}

function wrapped(digits: string): bigint {
  return BigInt.asUintN(64, BigInt(digits));
}

/**
 * Reads one value of `swiotlb=` into `state` and tells what each part did.
 *
 * Whatever the kernel ignores is a part of kind `ignored`; the parts cover the value without a gap.
 */
export function readBootValue(state: BootState, value: string): readonly BootPart[] {
  const parts: BootPart[] = [];
  let at = 0;
  const took = (length: number, kind: BootPart['kind'], number = 0): void => {
    if (length === 0) return;
    const { defaultNslabs: nslabs, defaultNareas: nareas } = state;
    parts.push({ from: at, to: at + length, kind, number, nslabs, nareas });
    at += length;
  };
  const size = leadingNumber(value);
  if (size !== null) {
    const slots = Number(size.value);
    state.defaultNslabs = roundUp(slots, SEGMENT_SLOTS);
    took(size.length, 'slots', slots);
  }
  if (value[at] === ',') took(1, 'comma');
  const areas = leadingNumber(value.slice(at));
  if (areas !== null) {
    // swiotlb_adjust_nareas() takes an unsigned int.
    const nareas = Number(BigInt.asUintN(32, areas.value));
    setAreas(state, nareas);
    took(areas.length, 'areas', nareas);
  }
  if (value[at] === ',') took(1, 'comma');
  const rest = value.slice(at);
  if (rest === 'force') state.force = true;
  if (rest === 'noforce') state.noforce = true;
  took(rest.length, rest === 'force' || rest === 'noforce' ? rest : 'ignored');
  return parts;
}

/** Every `swiotlb=` value of a kernel command line, in order, with its place in the line. */
export function bootValues(commandLine: string): readonly { value: string; from: number }[] {
  const values: { value: string; from: number }[] = [];
  const word = /\S+/g;
  for (let match = word.exec(commandLine); match !== null; match = word.exec(commandLine)) {
    if (!match[0].startsWith('swiotlb=')) continue;
    values.push({ value: match[0].slice(8), from: match.index + 8 });
  }
  return values;
}
