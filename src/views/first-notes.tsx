import { useEffect, useState } from 'react';
import { page } from '../store/the-page.ts';
import type { HeatmapView } from './heatmap-view.ts';
import { notesFor, type FirstNote } from './first-notes-text.ts';
import { isPlaceFree, placesFor, type NotePlace } from './note-places.ts';

interface Placed {
  readonly note: FirstNote;
  readonly place: NotePlace;
}

/** Puts a note into each place that is free now. */
function place(view: HeatmapView): readonly Placed[] | null {
  const { frame } = page.client;
  const { layout } = view;
  if (!frame || !layout || layout.style.compact) return null;
  const places = placesFor(layout, frame, view.panelPx);
  return notesFor(page.state.machine, frame).flatMap((note, index) => {
    const found = places[index];
    return found ? [{ note, place: found }] : [];
  });
}

/** Takes the notes away whose slots are needed. */
function keep(placed: readonly Placed[]): readonly Placed[] {
  const { frame } = page.client;
  const kept = frame ? placed.filter((note) => isPlaceFree(note.place, frame)) : placed;
  return kept.length === placed.length ? placed : kept;
}

/** Notes are placed once, with the first picture; afterwards they only go. */
function useNotes(view: HeatmapView): readonly Placed[] {
  const touched = page.use((state) => state.touched);
  const [placed, setPlaced] = useState<readonly Placed[] | null>(null);
  useEffect(() => {
    if (touched) return undefined;
    return page.use.subscribe((state, before) => {
      if (state.readout === before.readout) return;
      setPlaced((notes) => (notes ? keep(notes) : place(view)));
    });
  }, [touched, view]);
  return touched || !view.isFit ? [] : (placed ?? []);
}

/** What a first look needs to know, in rows that are still free. */
export function FirstNotes({ view }: { readonly view: HeatmapView }) {
  return useNotes(view).map(({ note, place: at }) => (
    <p key={note.head} className="note" style={{ left: at.x, top: at.y, width: at.widthPx }}>
      <b>{note.head}</b>
      {note.rest}
    </p>
  ));
}
