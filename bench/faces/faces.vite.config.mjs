import path from 'node:path';
import { defineConfig } from 'vite';

/** Bundles page.mjs with the product's engine as one module. */
export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'error',
  build: {
    target: 'es2022',
    minify: false,
    outDir: process.env.BENCH_OUT,
    emptyOutDir: true,
    lib: { entry: path.join(import.meta.dirname, 'page.mjs'), formats: ['es'], fileName: () => 'page.js' },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
