import { isPatterned, LARGEST, mapColours } from '../draw/memory-colours.ts';
import { cssOf } from '../draw/colour.ts';
import type { MemoryColumns } from '../engine/memory-news.ts';
import { page } from '../store/the-page.ts';
import { mapPalette } from './memory-map-view.tsx';
import { kindCounts } from './memory-words.ts';
import { count } from './words.ts';

/** Side of a swatch, in its own units. */
const SIDE = 12;
/** Kinds that are shown though there is none of them: what a request can be for. */
const ALWAYS = 3;

/** Pixels of a pattern as one path. */
function patternPath(kind: number): string {
  let path = '';
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) if (isPatterned(kind, x, y)) path += `M${x} ${y}h1v1h-1z`;
  }
  return path;
}

function Swatch({ kind, largest }: { readonly kind: number; readonly largest: number }) {
  const colours = mapColours(mapPalette());
  const look = kind * LARGEST + largest;
  const isHole = kind === 9;
  return (
    <svg className="legend-swatch" viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
      <rect
        x={0.5}
        y={0.5}
        width={11}
        height={11}
        fill={cssOf(colours.fill[look] ?? 0)}
        stroke={isHole ? 'var(--line2)' : 'none'}
      />
      <path d={patternPath(kind)} fill={cssOf(colours.pattern[look] ?? 0)} />
    </svg>
  );
}

/** The lightness of one kind, from wholly used to free. */
function Ramp() {
  const steps = [0, 1, 5, 9, 10, 11];
  return (
    <li>
      {steps.map((largest) => (
        <Swatch key={largest} kind={1} largest={largest} />
      ))}
      <span>largest free block: none, order 0, 4, 8, 9, 10</span>
    </li>
  );
}

interface LegendProps {
  readonly columns: MemoryColumns;
  readonly hasTargets: boolean;
}

/** What hue, pattern, letter and lightness say, with how many pageblocks there are of each. */
export function MemoryLegend({ columns, hasTargets }: LegendProps) {
  // Swatches are painted in the theme's colours.
  page.use((state) => state.theme);
  const kinds = kindCounts(columns).map((one, kind) => ({ ...one, kind }));
  const shown = kinds.filter(({ kind, cells }) => kind < ALWAYS || cells > 0);
  return (
    <ul className="memory-legend" aria-label="Legend">
      {shown.map(({ kind, name, letter, cells }) => (
        <li key={name}>
          <Swatch kind={kind} largest={0} />
          {letter !== '' && <code aria-hidden="true">{letter}</code>} {name} <b>{count(cells)}</b>
        </li>
      ))}
      <li>
        <span className="swatch pool-swatch" /> filled from below: memory of bounce pools
      </li>
      {hasTargets && (
        <li>
          <span className="swatch target-swatch" /> growth would take this
        </li>
      )}
      <Ramp />
    </ul>
  );
}
