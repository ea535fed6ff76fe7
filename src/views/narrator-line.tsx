import { useEffect, useRef, useState } from 'react';
import { page } from '../store/the-page.ts';
import { narrate } from './narrator.ts';
import type { Sentence } from './narrator-words.ts';

/** A sentence stands at least this long. */
const STANDS_MS = 2000;

/** What a sentence tells, its counts and the share it begins with left aside. */
function storyOf(text: string): string {
  return text.replaceAll(/\d[\d,]*/g, '0').replace(/^.*? of the memory/, 'Some of the memory');
}

/**
 * The sentence of the moment; while time runs it is held so that it can be read. New numbers in the
 * same sentence are not held back: they must be those of the picture.
 */
function useHeld(sentence: Sentence, runs: boolean): Sentence {
  const [shown, setShown] = useState(sentence);
  const changedMs = useRef(-STANDS_MS);
  useEffect(() => {
    if (sentence.text === shown.text) return undefined;
    const isSame = storyOf(sentence.text) === storyOf(shown.text);
    const heldMs = runs && !isSame ? STANDS_MS : 0;
    const waitMs = Math.max(0, changedMs.current + heldMs - performance.now());
    const timer = setTimeout(() => {
      if (!isSame) changedMs.current = performance.now();
      setShown(sentence);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [sentence, shown, runs]);
  return shown;
}

function Stressed({ text, stress }: Sentence) {
  const at = stress ? text.indexOf(stress) : -1;
  if (!stress || at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <b>{stress}</b>
      {text.slice(at + stress.length)}
    </>
  );
}

export function NarratorLine() {
  const facts = {
    readout: page.use((state) => state.readout),
    machine: page.use((state) => state.machine),
    scenario: page.use((state) => state.scenario),
    replay: page.use((state) => state.replay),
    difference: page.use((state) => state.difference),
  };
  const shown = useHeld(narrate(facts), facts.readout?.runState === 'playing');
  // A count that went up is the same sentence: only another one fades in.
  return (
    <p className="narrator" key={storyOf(shown.text)}>
      <Stressed {...shown} />
    </p>
  );
}
