import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { wordsOf, type ErrorAnswer } from '../../contract/errors.js';
import { DomainError, type RefusalKind } from '../../domain/kernel/domain-error.js';
import { RequestInvalidError } from './request-invalid.error.js';
import type { AppRequest } from './request-context.js';

const STATUS: Readonly<Record<RefusalKind, number>> = {
  invalid: 400, unauthenticated: 401, forbidden: 403, 'not-found': 404, conflict: 409, refused: 422, 'too-many': 429, unavailable: 503,
};

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'REQUEST.INVALID', 401: 'ACCESS.NOT_SIGNED_IN', 403: 'ACCESS.DENIED', 404: 'REQUEST.NOT_FOUND',
  405: 'REQUEST.METHOD', 413: 'REQUEST.TOO_LARGE', 415: 'REQUEST.MEDIA_TYPE', 429: 'REQUEST.TOO_MANY',
};

/** The one place where errors become answers: coded, worded in both languages, with a number to quote, no stack. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<AppRequest>();
    const response = http.getResponse<Response>();
    const { status, answer } = this.answerTo(error, request.requestId ?? '-');
    if (status >= 500) {
      const cause = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
      this.logger.error({ msg: 'request failed', requestId: answer.requestId, cause, stack: error instanceof Error ? error.stack : undefined });
    }
    if (!response.headersSent) response.status(status).json(answer);
  }

  private answerTo(error: unknown, requestId: string): { status: number; answer: ErrorAnswer } {
    if (error instanceof RequestInvalidError) {
      return { status: 400, answer: { code: 'REQUEST.INVALID', ...wordsOf('REQUEST.INVALID'), requestId, details: {}, fields: error.fields } };
    }
    if (error instanceof DomainError) {
      return { status: STATUS[error.kind], answer: { code: error.code, ...wordsOf(error.code), requestId, details: error.details } };
    }
    const status = httpStatusOf(error);
    const code = CODE_OF_STATUS[status] ?? (status < 500 ? 'REQUEST.INVALID' : 'SERVER.FAILED');
    return { status, answer: { code, ...wordsOf(code), requestId, details: {} } };
  }
}

function httpStatusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  // body-parser and express raise plain errors that carry a status below 500.
  const status = typeof error === 'object' && error !== null ? (error as { status?: unknown }).status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
