import type { INestApplication } from '@nestjs/common';
import type { NextFunction, RequestHandler, Response } from 'express';
import { wordsOf } from '../../contract/errors.js';
import { DenialRecorder, StaffAuthenticator } from './authenticators.js';
import type { AppRequest } from './request-context.js';

/** Opens pages that are no routes of ours (API description, queue board) to administrators; others are sent to sign in, or refused. */
export function administratorsOnly(app: INestApplication): RequestHandler {
  const staff = app.get(StaffAuthenticator);
  const denials = app.get(DenialRecorder);

  async function decide(request: AppRequest, response: Response, next: NextFunction): Promise<void> {
    const who = await staff.authenticate(request, 'same-origin').catch(() => null);
    if (who?.role === 'administrator') {
      next();
      return;
    }
    const code = who === null ? 'ACCESS.NOT_SIGNED_IN' : 'ACCESS.DENIED';
    await denials.denied(request, code);
    if (who === null && request.method === 'GET' && request.accepts('html') !== false) {
      response.redirect('/console/login');
      return;
    }
    response.status(who === null ? 401 : 403).json({ code, ...wordsOf(code), requestId: request.requestId, details: {} });
  }

  return (request, response, next) => {
    decide(request as AppRequest, response, next).catch(next);
  };
}
