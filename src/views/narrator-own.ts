/** The narrator on buffers that have pages of their own, and on tasks that wait for such pages. */
import type { MachineSummary, OwnReport } from '../store/reports.ts';
import { say, type Named, type Sentence } from './narrator-words.ts';
import { isStuck } from './own-words.ts';
import { plural } from './words.ts';

/** A standstill for want of memory, or pieces that no pool can take. */
export function ofOwnTrouble(
  own: OwnReport | null,
  machine: MachineSummary,
  devices: readonly Named[],
): Sentence | null {
  return ofDeadlock(own, machine) ?? ofTooLarge(devices);
}

/** A display whose every import has been refused. */
function ofTooLarge(devices: readonly Named[]): Sentence | null {
  const one = devices.find(({ summary }) => summary?.kind === 'vc4');
  if (!one || one.device.failedMaps === 0 || one.device.bounced > 0) return null;
  return say(
    `${one.name} is refused every time: its pieces of 512 KiB are longer than a row, so even an empty memory has no place for them.`,
    one.name,
  );
}

/** Everybody waits for somebody else of them. */
export function ofDeadlock(own: OwnReport | null, machine: MachineSummary): Sentence | null {
  const wait = own?.wait ?? null;
  if (wait === null || !isStuck(wait)) return null;
  const name = machine.devices[wait.device]?.name ?? 'the disk';
  const tasks = plural(wait.asleep, 'task');
  return say(
    `${name} stands still: ${tasks} wait for memory that only their own writes would free, and nobody is left to wake them.`,
    name,
  );
}

/** Most buffers are not in the pools at all. */
export function ofOwn(own: OwnReport | null): Sentence | null {
  if (own === null || own.maps <= own.leftToPool) return null;
  return say(
    'Most buffers lie outside the pools, in pages of their own: they come with a mapping and go with it.',
  );
}
