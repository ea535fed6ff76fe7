/** The hue of a device as CSS; hues come again after six, and a name always stands beside them. */
const HUES = 6;

export function hueOf(device: number): string {
  return device < 0 ? 'var(--ink3)' : `var(--d${device % HUES})`;
}
