/** Numbers written one behind the other into an array that grows. */

const FIRST_LENGTH = 256;

type Streamed = Uint8Array | Int32Array | Float64Array;

/** One array's worth of numbers. */
export class Stream<T extends Streamed> {
  readonly #make: (length: number) => T;
  #data: T;
  #length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#data = make(FIRST_LENGTH);
  }

  /** Writes one more number. */
  put(value: number): void {
    if (this.#length === this.#data.length) {
      const longer = this.#make(this.#length * 2);
      longer.set(this.#data);
      this.#data = longer;
    }
    this.#data[this.#length++] = value;
  }

  /** What was written, in an array of just that length. */
  taken(): T {
    const exact = this.#make(this.#length);
    exact.set(this.#data.subarray(0, this.#length));
    return exact;
  }
}
