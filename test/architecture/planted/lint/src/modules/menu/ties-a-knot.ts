// breaks: no-restricted-imports
import { forwardRef } from '@nestjs/common';
export const knot = forwardRef;
