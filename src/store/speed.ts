/**
 * The speed dial: a logarithmic scale from single events to ten times real time.
 *
 * Below 1 the dial counts events a wall second; from 1 on it is a factor of real time, a decade a
 * step. One knob for both, because to the eye it is one thing: how fast it goes.
 */
import type { Speed } from '../worker/protocol.ts';

/** Labelled stops, dial position = index. */
export const DIAL_STOPS = ['1 event', '1/1000', '1/100', '1/10', '1×', '10×'] as const;
export const DIAL_MAX = DIAL_STOPS.length - 1;
/** Finest move of the dial. */
export const DIAL_STEP = 0.25;
/** Move of the keys `[` and `]`. */
export const DIAL_KEY_STEP = 0.5;
/** Where the dial says real time. */
export const DIAL_REAL_TIME = 4;

/** Events a wall second at positions 0, 0.25, 0.5, 0.75. */
const EVENT_RATES = [1, 5, 25, 125] as const;

const onStep = (position: number) => Math.round(position / DIAL_STEP) * DIAL_STEP;

/** A position on the dial, whatever was asked for. */
export function clampDial(position: number): number {
  return onStep(Math.min(DIAL_MAX, Math.max(0, position)));
}

/** The speed at a dial position. */
export function speedAt(position: number): Speed {
  const at = clampDial(position);
  if (at < 1) return { kind: 'events', perSecond: EVENT_RATES[at / DIAL_STEP] ?? 1 };
  return { kind: 'time', factor: 10 ** (at - DIAL_REAL_TIME) };
}

/** The nearest dial position for a scenario's own speed (virtual seconds a wall second). */
export function dialFor(factor: number): number {
  return Math.max(1, clampDial(Math.log10(factor) + DIAL_REAL_TIME));
}

/** Up to one decimal below ten, whole numbers above. */
function rounded(value: number): string {
  return value < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
}

/**
 * Where the dial stands when a recording opens: single events, so that long silences pass in a
 * moment and the whole takes about `seconds`.
 */
export function dialForEvents(events: number, seconds: number): number {
  const distance = (rate: number) => Math.abs(Math.log(events / rate / seconds));
  const nearest = EVENT_RATES.toSorted((one, other) => distance(one) - distance(other))[0];
  return EVENT_RATES.findIndex((rate) => rate === nearest) * DIAL_STEP;
}

/** The speed in words, for the dial's spoken value. */
export function speedWords(position: number): string {
  const speed = speedAt(position);
  if (speed.kind === 'events') {
    return speed.perSecond === 1 ? '1 event a second' : `${speed.perSecond} events a second`;
  }
  const { factor } = speed;
  if (factor === 1) return 'real time';
  return factor > 1
    ? `${rounded(factor)} times real time`
    : `1/${rounded(1 / factor)} of real time`;
}

/** The same in a small place: 125 events/s, 1/100, 10×. */
export function speedShort(position: number): string {
  const speed = speedAt(position);
  if (speed.kind === 'events') {
    return `${speed.perSecond} ${speed.perSecond === 1 ? 'event' : 'events'}/s`;
  }
  const { factor } = speed;
  return factor >= 1 ? `${rounded(factor)}×` : `1/${rounded(1 / factor)}`;
}

const NS_PER_S = 1e9;

/**
 * Virtual nanoseconds that pass in a wall second, from what is shown: where the dial counts events,
 * the run's own mean time between two of them.
 */
export function paceNs(position: number, timeNs: number, events: number): number {
  const speed = speedAt(position);
  if (speed.kind === 'time') return speed.factor * NS_PER_S;
  return events > 0 ? (speed.perSecond * timeNs) / events : 0;
}
