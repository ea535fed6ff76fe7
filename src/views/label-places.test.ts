import { describe, expect, it } from 'vitest';
import { placeLabels } from './label-places.ts';

const STRIP = { topPx: 60, bottomPx: 140, linePx: 15 };

describe('labels of handles', () => {
  it('stand beside their handles where there is room', () => {
    expect(placeLabels([101, 118], STRIP)).toEqual([101, 118]);
  });

  it('that would overlap are pushed apart', () => {
    expect(placeLabels([100, 104], STRIP)).toEqual([100, 115]);
  });

  it('of one place keep the order of the handles', () => {
    expect(placeLabels([100, 100], STRIP)).toEqual([100, 115]);
  });

  it('stay in their strip when a handle leaves it', () => {
    expect(placeLabels([0, 330], STRIP)).toEqual([67.5, 132.5]);
    expect(placeLabels([320, 330], STRIP)).toEqual([117.5, 132.5]);
  });

  it('follow a low threshold that is above the high one', () => {
    expect(placeLabels([120, 90], STRIP)).toEqual([120, 90]);
  });
});
