import path from 'node:path';
import { defineConfig } from 'vite';

const entry = process.env.MODULE_ENTRY ?? '';

/** Bundles MODULE_ENTRY with everything it imports as one module of the same name in MODULE_OUT, for tests and benches in a page. */
export default defineConfig({
  root: path.dirname(entry),
  logLevel: 'error',
  build: {
    target: 'es2022',
    minify: false,
    outDir: process.env.MODULE_OUT,
    emptyOutDir: true,
    lib: { entry, formats: ['es'], fileName: () => `${path.basename(entry, '.mjs')}.js` },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
