/** What keys and buttons may do to the view of the memory. The heatmap puts its own in here. */
export interface GridControls {
  /** One step in (1) or out (-1). */
  zoom(direction: 1 | -1): void;
  /** One step left (-1) or right (1). */
  pan(direction: 1 | -1): void;
  fit(): void;
}

/** Moves the focus into the memory, where Space plays and the arrows walk; else to nowhere. */
export function focusGrid(): void {
  const memory = document.querySelector<HTMLElement>('[data-grid]');
  if (memory) memory.focus({ preventScroll: true });
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

export const grid: { current: GridControls | null } = { current: null };
