/** The timeline in words: a moment, a selected stretch, attempts to grow. */
import type { SpanReading } from '../draw/timeline-span.ts';
import type { GrowthAttempt } from '../store/reports.ts';
import { gotWords, MAKERS, poolTries } from './growth-words.ts';
import { clock, count, duration, plural } from './words.ts';

/** "4", or "2 to 7" where it was not always the same. */
export function rangeWords(least: number, most: number): string {
  return least === most ? count(least) : `${count(least)} to ${count(most)}`;
}

/** What the buckets under the pointer say. */
export function momentWords(reading: SpanReading): string {
  const { fromNs, usedMin, usedMax, capacity, hiwater, failures, transientMax } = reading;
  const parts = [
    clock(fromNs),
    `used ${rangeWords(usedMin, usedMax)} of ${count(capacity)}`,
    `peak ${count(hiwater)}`,
    transientMax > 0 && `transient ${rangeWords(reading.transientMin, transientMax)}`,
    failures > 0 && `${plural(failures, 'map')} failed`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

/** One attempt: who made it, what it asked for in turn, what came of it. */
export function attemptWords(attempt: GrowthAttempt, nowNs: number): string {
  const { by, timeNs, costNs } = attempt;
  const orders = poolTries(attempt).map(
    ({ order, path }) => `${order}${path === 'failed' ? ' refused' : ''}`,
  );
  const asked = orders.length > 0 ? `order ${orders.join(', ')}` : 'asked for nothing';
  const isUnderWay = by !== 'transient' && timeNs + costNs > nowNs;
  return `${MAKERS[by]}: ${asked}; ${isUnderWay ? 'under way' : gotWords(attempt)}`;
}

/** Attempts named one by one under the pointer. */
const NAMED = 2;

/** The attempts at a moment: those that are kept one by one, of all others their number. */
export function attemptsWords(
  attempts: readonly GrowthAttempt[],
  all: number,
  nowNs: number,
): string[] {
  const named = attempts.slice(0, NAMED).map((attempt) => attemptWords(attempt, nowNs));
  const more = Math.max(attempts.length, all) - named.length;
  if (more <= 0) return named;
  return [...named, named.length > 0 ? `and ${count(more)} more` : plural(more, 'attempt')];
}

/** Attempts to grow that began in a stretch. */
export function attemptCount(reading: SpanReading): number {
  const { grown, halved, growthFailed, transients, transientsFailed } = reading;
  return grown + halved + growthFailed + transients + transientsFailed;
}

/** "2 grown, 1 halved", the zeros left out. */
function outcomes(parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, word]) => `${count(amount)} ${word}`)
    .join(', ');
}

/** What became of the pools that stay, and of those of one request; '' where there were none. */
function growthParts(reading: SpanReading): string[] {
  const { grown, halved, growthFailed, transients, transientsFailed, ordersRefused } = reading;
  const stays = grown + halved + growthFailed;
  const ofOne = transients + transientsFailed;
  const ends: [number, string][] = [
    [grown, 'grown'],
    [halved, 'halved'],
    [growthFailed, 'failed'],
  ];
  return [
    stays > 0 ? `${plural(stays, 'attempt')} to grow: ${outcomes(ends)}` : '',
    ofOne > 0 ? transientWords(transients, transientsFailed) : '',
    ordersRefused > 0 ? `${plural(ordersRefused, 'order')} refused` : '',
  ].filter((part) => part !== '');
}

function transientWords(got: number, failed: number): string {
  if (got === 0) return `${plural(failed, 'transient pool')} failed`;
  return `${plural(got, 'transient pool')}${failed > 0 ? `, ${count(failed)} failed` : ''}`;
}

/** A selected stretch, line by line. Every figure is exact. */
export function spanLines(reading: SpanReading): string[] {
  const { fromNs, toNs, usedMin, usedMax, capacityBefore, capacity, hiwater } = reading;
  const { transientMin, transientMax, failures, conversions } = reading;
  const grew = capacityBefore !== capacity;
  const slots = [
    `used ${rangeWords(usedMin, usedMax)}`,
    `capacity ${count(capacityBefore)}${grew ? ` → ${count(capacity)}` : ''}`,
    `peak ${count(hiwater)}`,
    transientMax > 0 ? `transient ${rangeWords(transientMin, transientMax)}` : '',
  ];
  const events = [
    ...growthParts(reading),
    conversions > 0 ? plural(conversions, 'conversion') : '',
    failures > 0 ? `${plural(failures, 'map')} failed` : '',
  ].filter((part) => part !== '');
  return [
    `${clock(fromNs)} to ${clock(toNs)} · ${duration(toNs - fromNs)}`,
    slots.filter((part) => part !== '').join(' · '),
    events.length > 0 ? events.join(' · ') : 'no attempt to grow, no map failed',
  ];
}
