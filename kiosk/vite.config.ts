import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compressed } from '../ui/build/compressed.ts';
import { faceAssets } from '../ui/build/face-assets.ts';
import { kioskFonts } from '../ui/build/kiosk-fonts.ts';
import { ownWords } from '../ui/build/own-words.ts';
import { precache } from '../ui/build/precache.ts';

/** The server serves the built page under /kiosk/ with cross-origin isolation; see docs/ARCHITECTURE.md. */
export default defineConfig({
  base: '/kiosk/',
  root: import.meta.dirname,
  plugins: [vue(), kioskFonts(), ownWords(['commonWords', 'kioskWords']), faceAssets(), precache(), compressed()],
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 1600 },
  server: {
    host: '127.0.0.1',
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    proxy: { '/api': process.env.API ?? 'http://127.0.0.1:3000' },
    fs: { allow: ['..'] },
  },
});
