import { useCallback } from 'react';
import { paintSparkline } from '../draw/sparkline.ts';
import { page } from '../store/the-page.ts';
import { currentPalette } from './palette.ts';
import { useCanvas, type Paint } from './use-canvas.ts';

/** Lanes are small and many: their lines follow at the pace of text. */
const EVERY_MS = 100;

/** A device's slots in flight over the run. */
export function Sparkline({ row }: { readonly row: number }) {
  const theme = page.use((state) => state.theme);
  const paint = useCallback<Paint>(
    ({ context, widthPx, heightPx, dpr }, frame) => {
      if (!frame) return;
      const box = { widthPx, heightPx };
      paintSparkline(context, frame, box, currentPalette(), { dpr, device: row });
    },
    // The palette is read anew after a change of theme.
    // oxlint-disable-next-line react/exhaustive-deps
    [row, theme],
  );
  const canvas = useCanvas(paint, EVERY_MS);
  return <canvas ref={canvas} aria-hidden="true" />;
}
