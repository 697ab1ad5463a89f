import type { NextFunction, Request, Response } from 'express';
import { RequestInvalidError } from './request-invalid.error.js';

const MAX_DEPTH = 24;
/** Keys that reach into an object's prototype; the framework would drop them in silence, we refuse the request. */
const PROTOTYPE_KEYS = ['__proto__', 'prototype', 'constructor'];

/** Refuses bodies nested deeper than any of ours and bodies with prototype keys, before anything walks them recursively. */
export function refuseOddBodies(request: Request, _response: Response, next: NextFunction): void {
  next(isOdd(request.body) ? new RequestInvalidError([{ path: '', message: 'the shape of the body is refused' }]) : undefined);
}

function isOdd(body: unknown): boolean {
  const stack: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, depth } = top;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) return true;
    if (PROTOTYPE_KEYS.some((key) => Object.hasOwn(value, key))) return true;
    for (const member of Object.values(value)) stack.push({ value: member, depth: depth + 1 });
  }
  return false;
}
