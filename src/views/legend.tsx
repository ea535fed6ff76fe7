import { Fragment, useRef } from 'react';
import {
  isolate,
  legendColour,
  legendCounts,
  legendEntries,
  type LegendEntry,
  type SwatchPattern,
} from '../draw/legend.ts';
import { page } from '../store/the-page.ts';
import { currentPalette } from './palette.ts';
import { count } from './words.ts';

/** A touch this long isolates, as Alt and a click do. */
const LONG_PRESS_MS = 500;

const PATTERNS: Readonly<Record<Exclude<SwatchPattern, 'plain'>, string>> = {
  padding: 'M-2 6 6-2M-2 14 14-2M6 14 14 6',
  throttled: 'M0 2h12',
  'to-device': 'M3 3l4 3-4 3',
  'from-device': 'M9 3 5 6l4 3',
  allocated: 'M2 6h8',
};

function Swatch({ entry, off }: { readonly entry: LegendEntry; readonly off: boolean }) {
  const colour = legendColour(entry, currentPalette());
  const { pattern, notches } = entry;
  const ground = pattern === 'padding' ? 'var(--free)' : colour;
  const inks = { padding: colour, throttled: 'var(--lid)' } as Readonly<Record<string, string>>;
  return (
    <svg className="legend-swatch" viewBox="0 0 12 12" aria-hidden="true">
      <rect
        x={0.5}
        y={0.5}
        width={11}
        height={11}
        fill={off ? 'none' : ground}
        stroke={off ? 'var(--line2)' : ground}
      />
      {!off && pattern !== 'plain' && (
        <path
          d={PATTERNS[pattern]}
          fill="none"
          stroke={inks[pattern] ?? 'var(--bg)'}
          strokeWidth={pattern === 'throttled' ? 4 : 1.6}
        />
      )}
      {!off && notches > 0 && (
        <path d={notches > 1 ? 'M4 0v12M9 0v12' : 'M6 0v12'} stroke="var(--free)" strokeWidth={2} />
      )}
    </svg>
  );
}

interface EntryProps {
  readonly entry: LegendEntry;
  readonly slots: number | undefined;
  readonly off: boolean;
  readonly all: readonly LegendEntry[];
}

function Entry({ entry, slots, off, all }: EntryProps) {
  const press = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasLong = useRef(false);
  const { key, name } = entry;
  const alone = () => page.look.isolateEntry(key, isolate(all, key));
  return (
    <button
      type="button"
      aria-pressed={!off}
      title="Click dims, Alt and click leaves alone"
      data-testid={`legend-${key}`}
      onPointerDown={() => {
        wasLong.current = false;
        press.current = setTimeout(() => {
          wasLong.current = true;
          alone();
        }, LONG_PRESS_MS);
      }}
      onPointerUp={() => clearTimeout(press.current)}
      onPointerLeave={() => clearTimeout(press.current)}
      onClick={(event) => {
        if (wasLong.current) {
          wasLong.current = false;
          return;
        }
        if (event.altKey) alone();
        else page.look.toggleEntry(key);
      }}
    >
      <Swatch entry={entry} off={off} />
      {name} <b>{slots === undefined ? '–' : count(slots)}</b>
    </button>
  );
}

/** Slots of every kind, live. Entries switch their slots off; subsets stand behind the divider. */
export function Legend() {
  const mode = page.use((state) => state.colourMode);
  const devices = page.use((state) => state.machine?.devices);
  const hidden = page.use((state) => state.hidden);
  const throttles = page.use((state) => (state.readout?.throttle.policy ?? 'none') !== 'none');
  // Both only to follow them: the counts come from the frame, the swatches from the stylesheet.
  page.use((state) => state.readout?.sequence);
  page.use((state) => state.theme);
  const names =
    devices?.map(({ name, kind }) => (kind === 'gpu' ? `${name} (dma_alloc)` : name)) ?? [];
  const allocates = devices?.some(({ kind }) => kind === 'gpu') ?? false;
  const entries = legendEntries(mode, names, { throttles, allocates });
  const { frame } = page.client;
  const counts = frame ? legendCounts(frame) : new Map<string, number>();
  const firstSubset = entries.find(({ subset }) => subset);
  return (
    <fieldset className="legend" aria-label="Legend and filter">
      {entries.map((entry) => (
        <Fragment key={entry.key}>
          {entry === firstSubset && <span className="label legend-divider">of these</span>}
          <Entry
            entry={entry}
            slots={frame ? (counts.get(entry.key) ?? 0) : undefined}
            off={hidden.has(entry.key)}
            all={entries}
          />
        </Fragment>
      ))}
    </fieldset>
  );
}
