import type { GridHands } from '../store/commands.ts';

/** Moves the focus into the memory, where Space plays and the arrows walk; else to nowhere. */
export function focusGrid(): void {
  const memory = document.querySelector<HTMLElement>('[data-grid]');
  if (memory) memory.focus({ preventScroll: true });
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** What keys and buttons may do to the view of the memory. The heatmap puts its own in here. */
export const grid: { current: GridHands | null } = { current: null };
