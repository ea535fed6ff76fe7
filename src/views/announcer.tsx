import { useEffect, useRef, useState } from 'react';
import { page } from '../store/the-page.ts';
import { narrate } from './narrator.ts';
import { throttleMark, throttleNews, type ThrottleMark } from './throttle-news.ts';
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
  const growth = page.use((state) => state.growth);
  const own = page.use((state) => state.own);
  if (readout && readout.runState !== 'playing') {
    const word = { paused: 'Paused', ended: 'Ended', difference: 'Stopped at a difference' };
    return `${word[readout.runState]} at ${clock(readout.timeNs)}, event ${count(readout.event)}.`;
  }
  return narrate({ readout, machine, scenario, replay, difference, growth, own }).text;
}

/** What begins in the throttle, for as long as it takes to say it; then null again. */
function useThrottleNews(): string | null {
  const readout = page.use((state) => state.readout);
  const before = useRef<ThrottleMark | null>(null);
  const [news, setNews] = useState<string | null>(null);
  useEffect(() => {
    const mark = readout && throttleMark(readout);
    const begun = mark && before.current ? throttleNews(before.current, mark) : null;
    before.current = mark;
    if (begun !== null) setNews(begun);
  }, [readout]);
  useEffect(() => {
    if (news === null) return undefined;
    const timer = setTimeout(() => setNews(null), QUIET_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return news;
}

/** Speaks the newest news, never faster than it can be heard. */
export function Announcer() {
  const story = useNews();
  const news = useThrottleNews() ?? story;
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
