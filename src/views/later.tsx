/** Parts of the page that the first picture does without. */
import { lazy, type ComponentType } from 'react';
import { page } from '../store/the-page.ts';
import type * as LateParts from './late-parts.ts';

type Parts = typeof LateParts;

let parts: Parts | null = null;

async function load(): Promise<Parts> {
  parts = await import('./late-parts.ts');
  page.loop.touch();
  return parts;
}

/** Stands where a part should: the page goes on without it. */
function NotLoaded() {
  return <p className="label">This part of the page could not be loaded. Reload to try again.</p>;
}

function part<Props>(pick: (all: Parts) => ComponentType<Props>) {
  return lazy(async () => {
    const component: ComponentType<Props> = await load().then(pick, () => NotLoaded);
    return { default: component };
  });
}

export const AgeingDial = part(({ AgeingDial: dial }) => dial);
export const GrowthPanel = part(({ GrowthPanel: panel }) => panel);
export const ReplayPanel = part(({ ReplayPanel: panel }) => panel);
export const PoolsTable = part(({ PoolsTable: table }) => table);
export const Help = part(({ Help: help }) => help);

/** Paints the timeline's lane of growth, as soon as it is loaded. */
export function growthPainter(): Parts['paintGrowth'] | undefined {
  return parts?.paintGrowth;
}

/** Has them fetched before anybody asks for them: the connection may be gone by then. */
export function prefetchLater(): void {
  // A part that is missing says so where it is wanted.
  setTimeout(() => void load().catch(() => undefined), 1000);
}
