/** Buffers with pages of their own, in words. */
import type { DeviceBuffers, OwnReport, OwnWait } from '../store/reports.ts';
import { bytes, clock, count, percent, plural } from './words.ts';

/** How many there are now, and what they hold. */
export function ownSum(devices: readonly DeviceBuffers[]): string {
  const live = devices.reduce((sum, device) => sum + device.live, 0);
  const held = devices.reduce((sum, device) => sum + device.held, 0);
  return live === 0 ? 'none now' : `${plural(live, 'buffer')} · ${bytes(held)}, instead of slots`;
}

/** What one device has of them. */
export function deviceSum({ live, held }: DeviceBuffers): string {
  return live === 0 ? 'none now' : `${count(live)} · ${bytes(held)}`;
}

/** What the tree costs everybody, and who was left to the pool. */
export function costWords({ maps, leftToPool, looks, vainLooks, sleeps }: OwnReport): string {
  const tried = maps + leftToPool;
  const left = tried === 0 ? '' : ` ${leftWords(leftToPool, tried)}`;
  const slept = sleeps === 0 ? '' : ` ${plural(sleeps, 'sleep')} for memory.`;
  const vain = vainLooks === 0 ? '' : `, ${percent(vainLooks, looks)} for buffers it never had`;
  return `Every sync and unmap asks the tree of buffers: ${count(looks)} look-ups${vain}.${left}${slept}`;
}

function leftWords(leftToPool: number, tried: number): string {
  if (leftToPool === 0) return `All ${count(tried)} tries got pages.`;
  return `${count(leftToPool)} of ${count(tried)} tries got no pages and used the pool.`;
}

/** Who waits for whom. @param name of the device whose writes are waited for. */
export function waitWords(wait: OwnWait, name: string): string {
  const { asleep, underWay, kept, sinceNs, dirtyPages } = wait;
  const who = `${plural(asleep, 'task')} ${asleep === 1 ? 'sleeps' : 'sleep'} in the page allocator`;
  const what = `until a write to ${name} ends and frees memory (${count(dirtyPages)} pages wait for that)`;
  if (underWay > 0) return `${who} ${what}. ${plural(underWay, 'write')} under way.`;
  const behind = kept === 0 ? '' : `, ${count(kept)} more behind them`;
  return `Deadlock since ${clock(sinceNs)}: ${who} ${what}. No write is under way: all stand with these tasks, half mapped${behind}. Nobody is left to wake them.`;
}

/** Whether nothing that could wake the sleepers is under way. */
export function isStuck(wait: OwnWait | null): boolean {
  return wait !== null && wait.underWay === 0;
}
