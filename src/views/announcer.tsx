import { useEffect, useRef, useState } from 'react';
import { page } from '../store/the-page.ts';
import { narrate } from './narrator.ts';
import { clock, count } from './words.ts';

/** Speech takes time: at most one sentence in so long. */
const QUIET_MS = 5000;

/** What a listener should hear: that time stopped or ran out, a difference, or the new story. */
function useNews(): string {
  const readout = page.use((state) => state.readout);
  const machine = page.use((state) => state.machine);
  const scenario = page.use((state) => state.scenario);
  const replay = page.use((state) => state.replay);
  const difference = page.use((state) => state.difference);
  if (readout && readout.runState !== 'playing') {
    const word = { paused: 'Paused', ended: 'Ended', difference: 'Stopped at a difference' };
    return `${word[readout.runState]} at ${clock(readout.timeNs)}, event ${count(readout.event)}.`;
  }
  return narrate({ readout, machine, scenario, replay, difference }).text;
}

/** Speaks the newest news, never faster than it can be heard. */
export function Announcer() {
  const news = useNews();
  const [spoken, setSpoken] = useState('');
  const spokenMs = useRef(-QUIET_MS);
  useEffect(() => {
    const waitMs = Math.max(0, spokenMs.current + QUIET_MS - performance.now());
    const timer = setTimeout(() => {
      spokenMs.current = performance.now();
      setSpoken(news);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [news]);
  return (
    <output className="hidden-text" data-testid="announcer">
      {spoken}
    </output>
  );
}
