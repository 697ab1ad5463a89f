import { z } from 'zod';

/** What the bank calls a payment: 4 to 60 letters, digits and hyphens, as banks print them on a statement. */
export const bankReference = z.string().trim().regex(/^[A-Za-z0-9-]{4,60}$/);
