import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { AppConfig } from '../config/app-config.js';

/** Serves the built pages: /kiosk and /console, each a single page; hashed assets are cached for a year. */
export function servePages(app: NestExpressApplication, config: AppConfig): void {
  for (const page of ['kiosk', 'console']) {
    const folder = resolve(config.pagesDir, page, 'dist');
    const index = resolve(folder, 'index.html');
    app.use(`/${page}`, preferCompressed(folder));
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

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8', '.svg': 'image/svg+xml',
};

/** Hands out the copy that the build has compressed, where there is one and the browser takes it; a plain path only. */
function preferCompressed(folder: string): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    const type = TYPES[extname(request.path)];
    const isPlain = /^(\/[\w-][\w.-]*)+$/.test(request.path);
    if (request.method !== 'GET' || type === undefined || !isPlain || !(request.headers['accept-encoding'] ?? '').includes('br')) return next();
    const file = resolve(folder, `.${request.path}.br`);
    if (!existsSync(file)) return next();
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Encoding', 'br');
    response.setHeader('Vary', 'Accept-Encoding');
    cachePolicy(response, file);
    response.sendFile(file);
  };
}

function cachePolicy(response: Response, path: string): void {
  response.setHeader('Cache-Control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}
