import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * The page loads nothing but its own files and runs no inline script. Built pages only: the
 * development server injects inline modules of its own.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** What is loaded after the first picture is named so, and has a budget of its own. */
const LATER = { chunkFileNames: 'assets/later-[name]-[hash].js' };

const HOUR_MS = 3_600_000;

export default defineConfig({
  // Relative: the built page works from any folder of any static host.
  base: './',
  plugins: [react(), contentSecurityPolicy()],
  worker: { format: 'es', rolldownOptions: { output: LATER } },
  assetsInclude: ['**/*.gz'],
  build: {
    target: 'es2022',
    // Every asset a file of its own: the policy above allows no data: fonts and no data: fetches.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: LATER },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    // A soak run lets the property tests do fifty times the work.
    testTimeout: process.env['BOUNCESCOPE_SOAK'] === '1' ? 4 * HOUR_MS : 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['src/testing/**'],
      thresholds: { 'src/model/**': { lines: 95, branches: 90 } },
    },
  },
});
