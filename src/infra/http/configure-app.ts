import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { AppConfig } from '../config/app-config.js';
import { refuseOddBodies } from './body-shape.js';
import { ErrorFilter } from './error.filter.js';
import { requestLogging } from './logging.js';
import { servePages } from './serve-pages.js';
import { validationPipe } from './validation.pipe.js';

const BODY_LIMIT = '256kb';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Everything between the socket and the controllers; the same in production and in tests. */
export function configureApp(app: NestExpressApplication, config: AppConfig, logger: Logger): void {
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  if (config.trustProxy) app.set('trust proxy', 1);
  app.use(requestLogging(logger));
  app.use(helmet(helmetOptions(config)));
  app.use(refuseOddMethods);
  app.use('/api', noStore);
  app.useBodyParser('json', { limit: BODY_LIMIT, strict: true });
  // Alipay tells in a form; its raw text is verified, the parsed one never read.
  app.useBodyParser('urlencoded', { limit: BODY_LIMIT, extended: false, parameterLimit: 100 });
  app.use(refuseOddBodies);
  app.use(cookieParser());
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', 'metrics'] });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ErrorFilter());
  servePages(app, config);
  app.enableShutdownHooks();
}

/** wasm-unsafe-eval lets the face engine compile its module (SIMD, one thread: the threaded build would need blob: scripts). */
function helmetOptions(config: AppConfig): Parameters<typeof helmet>[0] {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'", "'wasm-unsafe-eval'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'media-src': ["'self'", 'blob:'],
        'font-src': ["'self'", 'data:'],
        'worker-src': ["'self'"],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: config.tls || config.trustProxy ? { maxAge: 15_552_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  };
}

function refuseOddMethods(request: Request, response: Response, next: NextFunction): void {
  if (METHODS.has(request.method)) next();
  else response.status(405).json({ code: 'REQUEST.METHOD' });
}

function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'private, no-store');
  next();
}
