/** What the host needs from outside: a port, a clock, and somebody to call it back. */

/** One end of a channel to the page: a worker's `self`, or a `MessagePort`. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** Wall time and callbacks. Tests inject their own. */
export interface Scheduler {
  /** Wall time in ms, from any beginning. */
  now(): number;
  /** Calls back after `ms`, as soon as messages that came before were heard. */
  later(callback: () => void, ms: number): void;
}

/**
 * The browser's. A wait of 0 goes through a channel, not a timer: nested timers are held back to
 * 4 ms each, and half of a busy worker's time would be waiting.
 */
export function browserScheduler(): Scheduler {
  const channel = new MessageChannel();
  const soon: (() => void)[] = [];
  channel.port1.addEventListener('message', () => soon.shift()?.());
  channel.port1.start();
  return {
    now: () => performance.now(),
    later: (callback, ms) => {
      if (ms > 0) {
        setTimeout(callback, ms);
        return;
      }
      soon.push(callback);
      channel.port2.postMessage(null);
    },
  };
}
