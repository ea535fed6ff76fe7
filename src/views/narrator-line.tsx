import { useEffect, useRef, useState } from 'react';
import { page } from '../store/the-page.ts';
import type { Readout } from '../store/readout.ts';
import { standsMs, storyOf } from './narrator-hold.ts';
import { useLateParts } from './later.tsx';
import { opening } from './narrator-opening.ts';
import type { Sentence } from './narrator-words.ts';

/**
 * The sentence of the moment; while time runs it is held so that it can be read. New numbers in the
 * same sentence are not held back: they must be those of the picture.
 */
function useHeld(sentence: Sentence, readout: Readout | null): Sentence {
  const runs = readout?.runState === 'playing';
  const [shown, setShown] = useState(sentence);
  const changedMs = useRef(-Infinity);
  useEffect(() => {
    if (sentence.text === shown.text) return undefined;
    const isSame = storyOf(sentence.text) === storyOf(shown.text);
    const heldMs = standsMs(shown, sentence, readout, runs);
    const waitMs = Math.max(0, changedMs.current + heldMs - performance.now());
    const timer = setTimeout(() => {
      if (!isSame) changedMs.current = performance.now();
      setShown(sentence);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [sentence, shown, readout, runs]);
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

/** Longer sentences than this take three smaller lines in a hall, so that none is cut. */
const TWO_LINES = 88;
const isLong = (text: string) => text.length > TWO_LINES;

export function NarratorLine() {
  const facts = {
    readout: page.use((state) => state.readout),
    machine: page.use((state) => state.machine),
    scenario: page.use((state) => state.scenario),
    replay: page.use((state) => state.replay),
    difference: page.use((state) => state.difference),
    growth: page.use((state) => state.growth),
    own: page.use((state) => state.own),
  };
  const late = useLateParts();
  const sentence = late === null ? opening(facts.machine) : late.narrate(facts);
  const shown = useHeld(sentence, facts.readout);
  // A count that went up is the same sentence: only another one fades in.
  return (
    <p className={isLong(shown.text) ? 'narrator long' : 'narrator'} key={storyOf(shown.text)}>
      <Stressed {...shown} />
    </p>
  );
}
