import { useEffect, useRef } from 'react';
import { page } from '../store/the-page.ts';
import { isFailure, lineText } from './log-words.ts';
import { clock, count } from './words.ts';

/** Eight lines over the chart, the newest in sight. */
export function KernelLog() {
  const log = page.use((state) => state.log);
  const isReplay = page.use((state) => state.replay !== null);
  const suppressed = page.use((state) => state.suppressed);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo(0, list.current.scrollHeight);
  });
  return (
    <div className="log" id="kernel-log">
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ol ref={list} tabIndex={0} aria-label="Kernel log">
        {log.map((line, index) => (
          // Lines repeat word for word; their place is all that tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${line.event}-${index}`} className={line.level}>
            {lineText(line)}
            {isFailure(line) && !isReplay && (
              <button
                type="button"
                className="quiet"
                aria-label={`Show the search that failed at ${clock(line.timeNs)}`}
                onClick={() => page.microscope.show({ kind: 'failure', atNs: line.timeNs })}
              >
                why
              </button>
            )}
          </li>
        ))}
        {log.length === 0 && <li>The kernel has said nothing yet.</li>}
      </ol>
      {suppressed > 0 && (
        <p className="label">
          {count(suppressed)} more suppressed: the kernel prints at most 10 in 5 s from one place.
        </p>
      )}
    </div>
  );
}
