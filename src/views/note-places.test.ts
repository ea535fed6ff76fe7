import { describe, expect, it } from 'vitest';
import { layoutPools, poolShapes } from '../draw/pools-layout.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { isPlaceFree, placesFor } from './note-places.ts';

const STYLE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: false };
const PANEL = { widthPx: 912, heightPx: 640 };

function placesOf(art: string, panelPx: number) {
  const frame = frameFrom({ art, nslabs: 32_768, areas: 8 });
  const layout = layoutPools(poolShapes(frame), PANEL, STYLE);
  return { frame, layout, places: placesFor(layout, frame, panelPx) };
}

describe('placesFor', () => {
  it('prefers the room below the picture, where notes may stay', () => {
    const { layout, places } = placesOf('', PANEL.heightPx + 100);
    expect(places.length).toBeGreaterThanOrEqual(3);
    expect(places.every(({ y }) => y > layout.heightPx)).toBe(true);
  });

  it('else takes free slots, one place an area, inside the picture', () => {
    const { frame, layout, places } = placesOf('A'.repeat(4096), 0);
    // The first area is full, the other seven are free.
    expect(places).toHaveLength(7);
    expect(places.every((place) => isPlaceFree(place, frame))).toBe(true);
    expect(places.every(({ y }) => y < layout.heightPx)).toBe(true);
  });

  it('a place is lost as soon as one slot under it is used', () => {
    const { frame, places } = placesOf('', 0);
    const [place] = places;
    if (!place) throw new RangeError('no place');
    frame.owner[place.firstSlot + place.lineSlots + place.slots - 1] = 1;
    expect(isPlaceFree(place, frame)).toBe(false);
    frame.owner.fill(0);
    frame.owner[place.firstSlot - 1] = 1;
    expect(isPlaceFree(place, frame)).toBe(true);
  });

  it('finds none in a full memory', () => {
    expect(placesOf('A'.repeat(32_768), 0).places).toEqual([]);
  });
});
