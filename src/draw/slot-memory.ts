/** Bytes of the last frame, four slots a word, to tell what changed. */

/** Slots compared at a time: four bytes are one word. */
export const WORD_SLOTS = 4;

/** Reads bytes four at a time; bytes behind the last whole word are left out. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / WORD_SLOTS));
}

/** A frame's words beside those of the last frame. */
export interface Compared {
  readonly now: Int32Array;
  /** One word longer when the bytes end inside one: that word never is the same, and is painted. */
  readonly before: Int32Array;
}

export class SlotMemory {
  #bytes = new Uint8Array(0);
  #words = new Int32Array(0);

  /** Whether `bytes` can be compared with what is remembered. */
  fits(bytes: Uint8Array): boolean {
    return bytes.length === this.#bytes.length;
  }

  remember(bytes: Uint8Array): void {
    if (!this.fits(bytes)) {
      const room = new ArrayBuffer(Math.ceil(bytes.length / WORD_SLOTS) * WORD_SLOTS);
      this.#bytes = new Uint8Array(room, 0, bytes.length);
      this.#words = new Int32Array(room);
    }
    this.#bytes.set(bytes);
  }

  /** `bytes` beside what is remembered. */
  compare(bytes: Uint8Array): Compared {
    return { now: wordsOf(bytes), before: this.#words };
  }
}

function isChanged(compared: readonly Compared[], word: number): boolean {
  for (const { now, before } of compared) {
    if (now[word] !== before[word]) return true;
  }
  return false;
}

/** The first word from `word` on that changed, or `behind`. */
export function nextChange(compared: readonly Compared[], word: number, behind: number): number {
  const [one] = compared;
  if (!one) return behind;
  let at = word;
  if (compared.length > 1) {
    while (at < behind && !isChanged(compared, at)) at++;
    return at;
  }
  const { now, before } = one;
  while (at < behind && now[at] === before[at]) at++;
  return at;
}

/** The first word from `word` on that did not change, or `behind`. */
export function nextSame(compared: readonly Compared[], word: number, behind: number): number {
  let at = word;
  while (at < behind && isChanged(compared, at)) at++;
  return at;
}
