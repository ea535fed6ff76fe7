/**
 * Parts of the page that the first picture does without. They are fetched as one piece as soon as
 * that picture stands; what is wanted earlier has its place kept.
 */
import { useEffect, useSyncExternalStore, type ComponentType } from 'react';
import { page } from '../store/the-page.ts';
import type * as LateParts from './late-parts.ts';
import { PlainGauge } from './plain-gauge.tsx';
import { hasWaitFigures } from './wait-figures.ts';

type Parts = typeof LateParts;

let parts: Parts | 'missing' | null = null;
let isAsked = false;
/** Parts on the page now that cannot be shown without. */
let wanted = 0;
/** Told when `parts` changes. */
const listeners = new Set<() => void>();

function become(next: Parts | 'missing' | null): void {
  parts = next;
  for (const tell of listeners) tell();
  page.loop.touch();
}

/** Fetches the parts, unless they are there or on their way. */
async function fetchParts(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    become(await import('./late-parts.ts'));
  } catch {
    // What is wanted now says that it is missing. Some browsers try again when the next part is
    // wanted, others keep the failure until the page is loaded anew.
    isAsked = false;
    become(wanted > 0 ? 'missing' : null);
  }
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** A part is on the page: it is fetched now. */
function want(): () => void {
  wanted++;
  void fetchParts();
  return () => void wanted--;
}

/** Stands where a part should: the page goes on without it. */
function NotLoaded() {
  return <p className="label">This part of the page could not be loaded. Reload to try again.</p>;
}

/**
 * A part, there with its first rendering once it has been fetched: a lazy component of React's would
 * leave an empty picture in between.
 *
 * @param Waiting keeps its place until then.
 */
function part<Props extends object>(
  pick: (all: Parts) => ComponentType<Props>,
  Waiting: ComponentType<Props> | null = null,
) {
  return function Part(props: Props) {
    const fetched = useSyncExternalStore(subscribe, () => parts);
    useEffect(want, []);
    if (fetched === 'missing') return <NotLoaded />;
    if (fetched === null) return Waiting && <Waiting {...props} />;
    const Fetched = pick(fetched);
    return <Fetched {...props} />;
  };
}

/** All of them, for whoever has a word to say without; null until they are there. */
export function useLateParts(): Parts | null {
  const fetched = useSyncExternalStore(subscribe, () => parts);
  return fetched === 'missing' ? null : fetched;
}

/** A part that is not missed: it comes with the others, and asks for nothing to be fetched. */
function addition(pick: (all: Parts) => ComponentType) {
  return function Addition() {
    const late = useLateParts();
    const Fetched = late && pick(late);
    return Fetched && <Fetched />;
  };
}

export const Announcer = addition(({ Announcer: announcer }) => announcer);
export const TimePanel = addition(({ TimePanel: panel }) => panel);
export const TimelineReader = addition(({ TimelineReader: reader }) => reader);

export const AgeingDial = part(({ AgeingDial: dial }) => dial);
export const ComparisonTable = part(
  ({ ComparisonTable: table }) => table,
  () => <div className="compare waiting" />,
);
export const CommandPalette = part(({ CommandPalette: palette }) => palette);
export const ExportDialog = part(({ ExportDialog: dialog }) => dialog);
export const GrowthPanel = part(({ GrowthPanel: panel }) => panel);
export const Help = part(({ Help: help }) => help);
export const KernelLog = part(({ KernelLog: log }) => log);
export const MemoryPanel = part(({ MemoryPanel: panel }) => panel);
export const OwnStrip = part(
  ({ OwnStrip: strip }) => strip,
  () => <div className="own" />,
);
export const Microscope = part(({ Microscope: dialog }) => dialog);
export const PolicyRows = part(({ PolicyRows: rows }) => rows);
export const PoolsTable = part(({ PoolsTable: table }) => table);
export const ReplayPanel = part(({ ReplayPanel: panel }) => panel);
export const ShareDialog = part(({ ShareDialog: dialog }) => dialog);
export const SlotStoryRows = part(({ SlotStoryRows: rows }) => rows);
export const StudyDialog = part(({ StudyDialog: dialog }) => dialog);
export const ThrottledGauge = part(
  ({ ThrottledGauge: gauge }) => gauge,
  ({ readout }) => <PlainGauge readout={readout} throttled />,
);
export const WaitHistogram = part(
  ({ WaitHistogram: histogram }) => histogram,
  ({ throttle }) => (
    <div className={`wait-panel waiting${hasWaitFigures(throttle) ? ' with-figures' : ''}`} />
  ),
);

/** Paints more on the timeline, as soon as it is loaded. */
export function laterLayers(): Parts['timelineLayers'] | undefined {
  return parts === null || parts === 'missing' ? undefined : parts.timelineLayers;
}

/**
 * Has them fetched before anybody asks for them: the connection may be gone by then. A first picture
 * of another scenario than that of a first visit may need them, and has itself to wait for more.
 */
export function prefetchLater(): (() => void) | undefined {
  if (page.state.scenario !== null) return page.loop.whenShown(() => void fetchParts());
  void fetchParts();
  return undefined;
}
