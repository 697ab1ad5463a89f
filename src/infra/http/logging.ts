import type { IncomingMessage, ServerResponse } from 'node:http';
import { pino, type DestinationStream, type Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import type { LoggerService, LogLevel } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { newId } from '../ids.js';

/** One structured logger a process; lines carry request ids and never names, numbers, bodies or query strings. @param to the standard output where nothing else is named */
export function createLogger(config: AppConfig, processName: string, to?: DestinationStream): Logger {
  const options = { level: config.logLevel, base: { process: processName }, timestamp: pino.stdTimeFunctions.isoTime };
  return to === undefined ? pino(options) : pino(options, to);
}

/** Gives every request an id (ours, or a well-formed one from the proxy) and logs method, path, status and time. */
export function requestLogging(logger: Logger): HttpLogger<IncomingMessage & { requestId?: string }, ServerResponse> {
  return pinoHttp<IncomingMessage & { requestId?: string }, ServerResponse>({
    logger,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && /^[A-Za-z0-9-]{8,40}$/.test(given) ? given : newId();
      request.requestId = id;
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id, method: request.method, path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      err: (error: { type: string; message: string }) => ({ type: error.type }),
    },
  });
}

/** Lets Nest write through pino. */
export class NestPinoLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void { this.write('info', message, rest); }
  error(message: unknown, ...rest: unknown[]): void { this.write('error', message, rest); }
  warn(message: unknown, ...rest: unknown[]): void { this.write('warn', message, rest); }
  debug(message: unknown, ...rest: unknown[]): void { this.write('debug', message, rest); }
  setLogLevels(_levels: LogLevel[]): void { /* the level comes from configuration */ }

  private write(level: 'info' | 'error' | 'warn' | 'debug', message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? { context: rest.at(-1) } : {};
    if (typeof message === 'object' && message !== null) this.logger[level]({ ...context, ...message });
    else this.logger[level](context, String(message));
  }
}
