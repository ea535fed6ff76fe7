/** A theme of plain colours, for tests of what is painted with it. */

/** Custom properties by name, dashes left out. */
export const PLAIN_THEME: Readonly<Record<string, string>> = {
  bg: '#000000',
  well: '#010101',
  raise: '#020202',
  ink: '#ffffff',
  ink2: '#c0c0c0',
  ink3: '#909090',
  line: '#202020',
  line2: '#606060',
  free: '#101010',
  edge: 'rgb(0 0 0 / 0.5)',
  lid: '#fefefe',
  accent: '#ff8000',
  'on-accent': '#000000',
  'accent-wash': 'rgb(255 128 0 / 0.1)',
  'used-fill': 'rgb(255 255 255 / 0.1)',
  cap0: '#0a0a0a',
  cap1: '#0c0c0c',
  d0: '#0000f0',
  d1: '#f0f000',
  d2: '#00f000',
  d3: '#f000f0',
  d4: '#8080f0',
  d5: '#905030',
  sans: 'sans-serif',
  mono: 'monospace',
};

/** What `getComputedStyle` gives, for a theme. */
export function styleOf(theme: Readonly<Record<string, string>>): {
  getPropertyValue(name: string): string;
} {
  return { getPropertyValue: (name) => ` ${theme[name.replace(/^--/, '')] ?? ''}` };
}
