import { useEffect, useState } from 'react';
import { sameSlot } from '../store/pointing.ts';
import { page } from '../store/the-page.ts';
import type { HeatmapView } from './heatmap-view.ts';
import { slotWords } from './slot-words.ts';

/** Opens only where the pointer rests. */
const REST_MS = 80;
/** From this part of the panel on the tooltip opens to the left, and upwards. */
const FLIP_X = 0.62;
const FLIP_Y = 0.8;

function useRested(key: string): boolean {
  const [rested, setRested] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), REST_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return rested === key;
}

/** Beside the slot, on the side that has room. */
function placeBeside(view: HeatmapView, x: number, y: number, heightPx: number) {
  const width = view.layout?.widthPx ?? 0;
  const height = view.layout?.heightPx ?? 0;
  return {
    ...(x > width * FLIP_X ? { right: width - x + 12 } : { left: x + 12 }),
    ...(y > height * FLIP_Y ? { bottom: `calc(100% - ${y - 8}px)` } : { top: y + heightPx + 8 }),
  };
}

/** Three lines about the slot under the pointer, or under the keyboard. */
export function Tooltip({ view }: { readonly view: HeatmapView }) {
  const story = page.use((state) => state.hovered);
  const machine = page.use((state) => state.machine);
  const timeNs = page.use((state) => state.readout?.timeNs ?? 0);
  const pool = page.use((state) =>
    state.readout?.pools.find((entry) => entry.id === story?.at.pool),
  );
  const pinnedAt = page.use((state) => state.pinnedAt);
  const key = story ? `${story.at.pool}-${story.at.slot}` : '';
  const rested = useRested(key);
  if (!story || !rested) return null;
  const box = view.boxOf(story.at);
  if (!box) return null;
  const { who, where, what, bus } = slotWords(story, { machine, pool, timeNs });
  return (
    <>
      <div
        className="tip"
        style={placeBeside(view, box.x + box.widthPx / 2, box.y, box.heightPx)}
        data-testid="tip"
      >
        <b>{who}</b> {where}
        <br />
        {what}
        <br />
        bus <code>{bus}</code> ·{' '}
        {sameSlot(pinnedAt, story.at) ? 'pinned: click lets go' : 'Enter or click pins'}
      </div>
      {view.focus && (
        <output className="hidden-text">
          {who}, {where}, {what}
        </output>
      )}
    </>
  );
}
