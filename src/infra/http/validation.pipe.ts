import { StandardSchemaValidationPipe } from '@nestjs/common';
import { RequestInvalidError } from './request-invalid.error.js';

const MAX_FIELDS = 20;

/** Validates every body, query and parameter that declares a schema; answers with the paths that are wrong. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => new RequestInvalidError(issues.slice(0, MAX_FIELDS).map((issue) => ({
      path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
      message: issue.message,
    }))),
  });
}
