import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { DenialRecorder } from './authenticators.js';
import { OutOfScope } from './out-of-scope.js';
import type { AppRequest } from './request-context.js';

/**
 * Records the refusals that are decided behind the guard: another street's object (answered 404, so that its existence
 * stays hidden) and acts that the role allows but the case does not.
 */
@Injectable()
export class DenialInterceptor implements NestInterceptor {
  constructor(private readonly denials: DenialRecorder) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    return next.handle().pipe(catchError(async (error: unknown) => {
      if (isDenial(error) && (request.staff !== undefined || request.device !== undefined)) await this.denials.denied(request, error.code, error instanceof OutOfScope ? error : undefined);
      throw error;
    }));
  }
}

function isDenial(error: unknown): error is DomainError {
  return error instanceof DomainError && (error.kind === 'not-found' || error.kind === 'forbidden');
}
