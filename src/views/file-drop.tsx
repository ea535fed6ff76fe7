import { useEffect, useRef, useState } from 'react';
import { page } from '../store/the-page.ts';
import { bytes, count } from './words.ts';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes a recording dropped anywhere on the page. */
export function FileDrop() {
  const [over, setOver] = useState(false);
  // Entering a child comes before leaving its parent: only the count tells in from out.
  const depth = useRef(0);
  useEffect(() => {
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth.current++;
      setOver(true);
    };
    const leave = () => {
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth.current = 0;
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      void page.opener.openFile(file);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const;
    const entries = Object.entries(listeners) as [keyof typeof listeners, typeof drop][];
    for (const [type, listener] of entries) window.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of entries) window.removeEventListener(type, listener);
    };
  }, []);
  return over ? <p className="drop">Drop a recording or a session to open it</p> : null;
}

/** A recording or a session on its way in. */
export function OpeningBar() {
  const opening = page.use((state) => state.opening);
  if (!opening) return null;
  const { name, done, total, unit } = opening;
  const amount = unit === 'events' ? count : bytes;
  const behind = unit === 'events' ? ' events' : '';
  const words = total > 0 ? `${amount(done)} of ${amount(total)}${behind}` : 'reading';
  return (
    <div className="opening" data-testid="opening">
      <p>
        Opening <b>{name}</b> · <span className="label">{words}</span>
      </p>
      <progress
        aria-label={`Opening ${name}`}
        max={total || 1}
        value={total > 0 ? done : undefined}
      />
    </div>
  );
}
