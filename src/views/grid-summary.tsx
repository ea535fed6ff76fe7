import { useEffect, useState } from 'react';
import { page } from '../store/the-page.ts';
import { summaryWords } from './summary-words.ts';

/** A description is read on focus; it need not be newer than this. */
const EVERY_MS = 2000;

/** What the picture shows, for whoever hears it. */
export function GridSummary({ id }: { readonly id: string }) {
  const [words, setWords] = useState('');
  useEffect(() => {
    const tell = () => {
      const { frame } = page.client;
      if (frame) setWords(summaryWords(frame, page.state.machine));
    };
    const timer = setInterval(tell, EVERY_MS);
    tell();
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="hidden-text" id={id} data-testid="grid-summary">
      {words} Arrow keys walk from slot to slot, Enter pins.
    </p>
  );
}
