import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { faceAssets } from '../ui/build/face-assets.ts';
import { offlinePages } from '../ui/build/offline-pages.ts';
import { paperFont } from '../ui/build/paper-font.ts';

// The server hands out the built files under /console/; in development vite forwards the API to it.
const server = process.env['REHUFAN_SERVER'] ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [vue(), faceAssets(), paperFont(), offlinePages(['/pages/crew/crew-page.vue'], ['bowl.svg', 'crew.webmanifest'])],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 1600 },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/models': server } },
});
