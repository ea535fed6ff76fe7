import { page } from '../store/the-page.ts';
import { ColourTabs } from './colour-tabs.tsx';
import { grid } from './grid-controls.ts';
import { Heatmap } from './heatmap.tsx';
import { Legend } from './legend.tsx';
import { MemoryPanel, OwnStrip, PoolsTable } from './later.tsx';
import { bytes, plural, slotBytes } from './words.ts';

/** Whether the machine has a page allocator that can be looked at. */
function useMemoryMap(): { readonly hasMap: boolean; readonly isOpen: boolean } {
  const hasMap = page.use(
    ({ machine, buddyinfo, replay }) =>
      replay === null && (buddyinfo !== null || machine?.dynamic === true),
  );
  const open = page.use((state) => state.memory.open);
  return { hasMap, isOpen: hasMap && open };
}

function MapButton() {
  const { hasMap, isOpen } = useMemoryMap();
  if (!hasMap) return null;
  return (
    <span className="view-buttons map-button">
      <button type="button" aria-pressed={isOpen} onClick={() => page.memory.show(!isOpen)}>
        memory map
      </button>
    </span>
  );
}

function ViewButtons() {
  const tableOpen = page.use((state) => state.tableOpen);
  return (
    <span className="view-buttons">
      <button
        type="button"
        aria-label="Zoom out"
        title="Zoom out (S)"
        onClick={() => grid.current?.zoom(-1)}
      >
        −
      </button>
      <button type="button" title="Fit all pools (0)" onClick={() => grid.current?.fit()}>
        fit
      </button>
      <button
        type="button"
        aria-label="Zoom in"
        title="Zoom in (W)"
        onClick={() => grid.current?.zoom(1)}
      >
        +
      </button>
      <button type="button" aria-pressed={tableOpen} onClick={() => page.look.toggle('tableOpen')}>
        table
      </button>
    </span>
  );
}

function Totals() {
  const slots = page.use((state) => state.readout?.slots ?? 0);
  return (
    <small data-testid="total-slots">
      {plural(slots, 'slot')} · {slotBytes(slots)}
    </small>
  );
}

/** What an empty panel means. */
function NoPool() {
  const none = page.use((state) => state.readout?.pools.length === 0);
  if (!none) return null;
  return (
    <p className="prose no-pool" data-testid="no-pool">
      There is no pool. A reboot with another command line brings it back.
    </p>
  );
}

/** The machine's memory in place of the pools in it. */
function MapView() {
  const memoryMiB = page.use((state) => state.scenario?.machine.memoryMiB ?? 0);
  return (
    <>
      <header className="pools-head">
        <h2>
          Memory <small>{bytes(memoryMiB * 1024 ** 2)}, a cell for each pageblock of 2 MiB</small>
        </h2>
        <MapButton />
      </header>
      <MemoryPanel />
    </>
  );
}

/** The memory: what the page is about. */
export function PoolsPanel() {
  const tableOpen = page.use((state) => state.tableOpen);
  const hasOwn = page.use((state) => state.own !== null);
  const { isOpen } = useMemoryMap();
  if (isOpen) return <MapView />;
  return (
    <>
      <header className="pools-head">
        <h2>
          Pools <Totals />
        </h2>
        <ViewButtons />
        <MapButton />
        <ColourTabs />
      </header>
      <Legend />
      <NoPool />
      {hasOwn && <OwnStrip />}
      {tableOpen ? <PoolsTable /> : <Heatmap />}
    </>
  );
}
