/** What the model of a 1 GiB pool holds in memory. */
import { loadMachine } from './load.ts';

export interface MemoryRow {
  /** MiB held by the model of a 1 GiB pool with 32 areas, nothing mapped. */
  readonly modelMiB: number;
  readonly budgetMiB: number;
}

/** Builds the machine and takes the difference; `heldBytes` counts array buffers and the heap. */
export function memorySection(heldBytes: () => number): MemoryRow {
  const before = heldBytes();
  const machine = loadMachine({ base: 2 ** 30, nslabs: 524_288, nareas: 32, cpus: 32 }, 'fast');
  const held = heldBytes() - before;
  // Named, so that the machine is still alive when its memory is counted.
  if (machine.mem.nslabs !== 524_288) throw new RangeError('the pool has another size');
  return { modelMiB: held / 1024 ** 2, budgetMiB: 16 };
}
