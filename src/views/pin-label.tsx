import { useEffect, useState } from 'react';
import { sameSlot } from '../store/pointing.ts';
import type { SlotRef, SlotStory } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import type { HeatmapView } from './heatmap-view.ts';
import { plural } from './words.ts';

/** The label stands so long after a pin; then the frame alone says it. */
const STANDS_MS = 4000;

/** Whether `at` was pinned a moment ago. */
function useFresh(at: SlotRef | null): boolean {
  const [stale, setStale] = useState<SlotRef | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setStale(at), STANDS_MS);
    return () => clearTimeout(timer);
  }, [at]);
  return stale !== at;
}

function isHovered(hovered: SlotStory | null, pinned: SlotStory): boolean {
  if (!hovered) return false;
  if (pinned.mapping) return hovered.mapping?.id === pinned.mapping.id;
  return sameSlot(hovered.at, pinned.at);
}

/** The run's name at its place, however the view moves. */
function Label({ view, story }: { readonly view: HeatmapView; readonly story: SlotStory }) {
  const { at, mapping } = story;
  const name = page.use((state) =>
    mapping ? (state.machine?.devices[mapping.device]?.name ?? 'unknown') : '',
  );
  const box = view.boxOf({ pool: at.pool, slot: mapping?.first ?? at.slot });
  if (!box) return null;
  return (
    <div className="pin-label" style={{ left: box.x, top: box.y - 22 }}>
      {mapping ? `${name} · ${plural(mapping.nslots, 'slot')}` : 'free'}
    </div>
  );
}

/** Names the pinned run, over it; hovering the run brings the name back. */
export function PinLabel({ view }: { readonly view: HeatmapView }) {
  const at = page.use((state) => state.pinnedAt);
  const story = page.use((state) => state.pinned);
  const hovered = page.use((state) => state.hovered);
  const fresh = useFresh(at);
  if (!at || !story) return null;
  return fresh || isHovered(hovered, story) ? <Label view={view} story={story} /> : null;
}
