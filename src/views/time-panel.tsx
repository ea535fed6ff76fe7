/** The run's own times: branches, bookmarks, the stretch that is looped, and what going back takes. */
import { MAX_NAME, MAX_NOTE, type Bookmark } from '../store/bookmarks.ts';
import type { BranchSummary } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { clock, count, plural } from './words.ts';

const MIB = 1024 * 1024;

function BranchRow({ branch }: { readonly branch: BranchSummary }) {
  const { id, name, parent, forkNs, endNs, endEvent, isCurrent } = branch;
  const from = parent === 0 ? 'from the start' : `from ${clock(forkNs)}`;
  return (
    <li aria-current={isCurrent || undefined}>
      <input
        type="text"
        className="time-name"
        defaultValue={name}
        maxLength={MAX_NAME}
        aria-label={`Name of ${name}`}
        onBlur={({ target }) => {
          const wanted = target.value.trim();
          if (wanted === '') target.value = name;
          else if (wanted !== name) page.time.rename(id, wanted);
        }}
      />
      <span className="time-deeds">
        {isCurrent ? (
          <b>the run is here</b>
        ) : (
          <>
            <button type="button" className="quiet" onClick={() => page.time.switchTo(id)}>
              Switch<span className="hidden-text"> to {name}</span>
            </button>
            <button type="button" className="quiet" onClick={() => page.time.remove(id)}>
              Delete<span className="hidden-text"> {name}</span>
            </button>
          </>
        )}
      </span>
      <small>
        {from} to {clock(endNs)}, {plural(endEvent, 'event')}
      </small>
    </li>
  );
}

function BookmarkRow({ mark }: { readonly mark: Bookmark }) {
  const { id, name, note, timeNs, event } = mark;
  return (
    <li>
      <input
        type="text"
        className="time-name"
        value={name}
        maxLength={MAX_NAME}
        aria-label={`Name of bookmark ${id}`}
        onChange={({ target }) => page.bookmarks.edit(id, { name: target.value })}
      />
      <span className="time-deeds">
        <button type="button" className="quiet" onClick={() => page.bookmarks.goTo(mark)}>
          Go<span className="hidden-text"> to {name}</span>
        </button>
        <button type="button" className="quiet" onClick={() => page.bookmarks.remove(id)}>
          Remove<span className="hidden-text"> {name}</span>
        </button>
      </span>
      <small>
        {clock(timeNs)}, event {count(event)}
      </small>
      <input
        type="text"
        className="time-note"
        value={note}
        placeholder="note"
        maxLength={MAX_NOTE}
        aria-label={`Note of ${name}`}
        onChange={({ target }) => page.bookmarks.edit(id, { note: target.value })}
      />
    </li>
  );
}

/** Repeats the stretch that is selected on the timeline. */
function Loop() {
  const loop = page.use((state) => state.loop);
  const span = page.use((state) => state.span);
  if (loop === null && span === null) return null;
  const words = loop
    ? `Stop the loop from ${clock(loop.fromNs)} to ${clock(loop.toNs)}`
    : 'Loop the selected stretch';
  return (
    <button
      type="button"
      className="quiet"
      aria-pressed={loop !== null}
      onClick={() => page.bookmarks.toggleLoop()}
    >
      {words}
    </button>
  );
}

/** There as soon as there is something to say. */
export function TimePanel() {
  const { branches, keyframes, isPast } = page.use((state) => state.time);
  const bookmarks = page.use((state) => state.bookmarks);
  const isLooped = page.use(({ loop, span }) => loop !== null || span !== null);
  const hasBranches = branches.length > 1;
  if (!hasBranches && bookmarks.length === 0 && !isPast && !isLooped) return null;
  return (
    <section aria-labelledby="time-head" className="time-panel" data-testid="time-panel">
      <h2 id="time-head">
        Time{' '}
        <small>
          going back takes {(keyframes.bytes / MIB).toFixed(1)} of{' '}
          {count(keyframes.limitBytes / MIB)} MiB
        </small>
      </h2>
      {isPast && !hasBranches && (
        <p className="prose">
          The run stands in its past. Change something here, and it goes on as another branch.
        </p>
      )}
      {hasBranches && (
        <ul aria-label="Branches">
          {branches.map((branch) => (
            <BranchRow key={`${branch.id} ${branch.name}`} branch={branch} />
          ))}
        </ul>
      )}
      {bookmarks.length > 0 && (
        <ul aria-label="Bookmarks">
          {bookmarks.map((mark) => (
            <BookmarkRow key={mark.id} mark={mark} />
          ))}
        </ul>
      )}
      <Loop />
    </section>
  );
}
