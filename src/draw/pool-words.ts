/** What the pools panel says in words: titles, and labels of transient pools. */
import { HEADER, POOL, type FrameView } from '../engine/frame.ts';
import { figure, memoryOf, spanOf } from './figures.ts';
import type { Block, PoolTitle } from './layout-types.ts';

/** A title: the name, and what follows it from the longest wording to the shortest. */
export interface TitleWords {
  readonly name: string;
  readonly wordings: readonly string[];
}

/** How the main pools are drawn, as far as a title has to say so. */
export interface Drawing {
  /** Slots that share a pixel; 1 or less when each has its own. */
  readonly perPixel: number;
  /** Segments on a line. */
  readonly segments: number;
}

/** Parts of a sentence, and the same with ever fewer of them from the end. */
function shortened(parts: readonly string[]): string[] {
  return parts.map((_, dropped) => parts.slice(0, parts.length - dropped).join(' · '));
}

function slotsOf(frame: FrameView, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + frame.pool(row, POOL.nslabs), 0);
}

function areaWords(frame: FrameView, row: number): string {
  const areas = frame.pool(row, POOL.nareas);
  if (areas === 1) return '1 area, one lock';
  return `${areas} areas of ${figure(frame.pool(row, POOL.areaNslabs))} slots, one lock each`;
}

function rowWords({ perPixel, segments }: Drawing): string {
  if (segments > 1) return `one line is ${segments} segments`;
  if (perPixel > 1) return `one row is one segment, one pixel the mean of ${perPixel} slots`;
  return 'one row is one segment: no buffer crosses its end';
}

function deviceName(names: readonly string[], device: number): string {
  return names[device] ?? 'a device';
}

/** Names that titles say: of devices, and of restricted regions. */
export interface TitleNames {
  readonly deviceNames: readonly string[];
  readonly regionNames?: readonly string[];
}

/** A region's name, and who is confined to it. */
function restrictedTitle(
  frame: FrameView,
  row: number,
  size: string,
  { deviceNames, regionNames = [] }: TitleNames,
): TitleWords {
  const device = frame.pool(row, POOL.device);
  const region = regionNames[frame.pool(row, POOL.region)];
  const owner = device >= 0 ? deviceName(deviceNames, device) : 'its devices';
  const name = `Restricted pool ${region ?? `of ${owner}`}`;
  return { name, wordings: shortened([size, `all that ${owner} may use`, areaWords(frame, row)]) };
}

function mainTitle(
  title: PoolTitle,
  frame: FrameView,
  names: TitleNames,
  drawing: Drawing,
): TitleWords {
  const row = title.pools[0] ?? 0;
  const slots = slotsOf(frame, title.pools);
  const size = `${figure(slots)} slots · ${memoryOf(slots)}`;
  if (title.kind === 'restricted') return restrictedTitle(frame, row, size, names);
  const rows = [rowWords(drawing)];
  const areas = frame.pool(row, POOL.nareas);
  const few = [size, `${areas} ${areas === 1 ? 'area' : 'areas'}`];
  return {
    name: 'Default pool',
    wordings: [
      ...shortened([size, areaWords(frame, row), ...rows]).slice(0, -1),
      ...shortened(few),
    ],
  };
}

function dynamicTitle(title: PoolTitle, frame: FrameView): TitleWords {
  const count = title.pools.length;
  if (count === 0) {
    const wordings = shortened(['none yet: grown when no pool has room']);
    return { name: 'Dynamic pools', wordings: [...wordings, 'none yet'] };
  }
  const slots = slotsOf(frame, title.pools);
  const size = `${figure(slots)} slots · ${memoryOf(slots)}`;
  if (count === 1) {
    const areas = frame.pool(title.pools[0] ?? 0, POOL.nareas);
    const parts = [size, `${areas} ${areas === 1 ? 'area' : 'areas'}`, 'searched first'];
    return { name: 'Dynamic pool', wordings: shortened(parts) };
  }
  const hidden = title.hidden > 0 ? [`${title.hidden} oldest not drawn`] : [];
  const parts = [size, ...hidden, 'newest on top, searched first'];
  return { name: `Dynamic pools ${figure(count)}`, wordings: shortened(parts) };
}

function transientTitle(title: PoolTitle, frame: FrameView): TitleWords {
  const count = title.pools.length;
  if (count === 0) return { name: 'Transient pools', wordings: ['none'] };
  const more = title.hidden > 0 ? [`${figure(title.hidden)} more not drawn`] : [];
  const parts = [
    `${figure(count)} · ${figure(slotsOf(frame, title.pools))} slots`,
    ...more,
    'freed by their unmap',
  ];
  return { name: 'Transient pools', wordings: shortened(parts) };
}

/** The words of a title. */
export function titleWords(
  title: PoolTitle,
  frame: FrameView,
  names: TitleNames,
  drawing: Drawing,
): TitleWords {
  if (title.kind === 'dynamic') return dynamicTitle(title, frame);
  if (title.kind === 'transient') return transientTitle(title, frame);
  return mainTitle(title, frame, names, drawing);
}

/** The label of a transient pool: whose it is, how large, how old; from long to short. */
export function barWords(block: Block, frame: FrameView, names: readonly string[]): string[] {
  const device = frame.pool(block.pool, POOL.device);
  const age = frame.head(HEADER.timeNs) - frame.pool(block.pool, POOL.bornNs);
  const parts = [
    `${deviceName(names, device)} ${figure(block.nslots)} slots`,
    memoryOf(block.nslots),
    spanOf(Math.max(0, age)),
  ];
  return shortened(parts);
}
