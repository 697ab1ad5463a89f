import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { AppConfig } from '../config/app-config.js';

/** Serves the built pages: /kiosk and /console, each a single page; hashed assets are cached for a year. */
export function servePages(app: NestExpressApplication, config: AppConfig): void {
  for (const page of ['kiosk', 'console']) {
    const folder = resolve(config.pagesDir, page, 'dist');
    const index = resolve(folder, 'index.html');
    app.use(`/${page}`, express.static(folder, { index: 'index.html', redirect: true, setHeaders: cachePolicy }));
    app.use(`/${page}`, (request: Request, response: Response, next: NextFunction) => {
      if (request.method !== 'GET' || request.path.includes('.') || !existsSync(index)) return next();
      response.setHeader('Cache-Control', 'no-cache');
      response.sendFile(index);
    });
  }
  // Files of other face models: named by the installation's setting, never changed under one name.
  app.use('/face-models', express.static(resolve(config.pagesDir, 'face-models'), { index: false, redirect: false, immutable: true, maxAge: '1y' }));
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (request.method === 'GET' && request.path === '/') response.redirect('/console/');
    else next();
  });
}

function cachePolicy(response: Response, path: string): void {
  response.setHeader('Cache-Control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}
