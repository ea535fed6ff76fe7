import { page } from '../store/the-page.ts';
import { SlotStoryRows } from './later.tsx';
import { count } from './words.ts';

/** Everything about the pinned slot. */
export function Inspector() {
  const at = page.use((state) => state.pinnedAt);
  const story = page.use((state) => state.pinned);
  return (
    <section aria-labelledby="inspector-head" data-testid="inspector">
      <h2 id="inspector-head">
        {at ? (
          <>
            Slot {count(at.slot)} <small>pinned</small>
            <button type="button" className="quiet unpin" onClick={() => page.pointing.pin(null)}>
              Unpin
            </button>
          </>
        ) : (
          'Inspector'
        )}
      </h2>
      {!at && (
        <p className="prose">Click a slot to pin it. Arrow keys walk the grid, Enter pins.</p>
      )}
      {at && !story && <p className="prose">This slot is gone: its pool was given back.</p>}
      {story && <SlotStoryRows story={story} />}
    </section>
  );
}
