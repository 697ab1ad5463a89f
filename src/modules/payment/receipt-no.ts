/** How many signs of the meal's id a receipt carries. */
export const RECEIPT_LENGTH = 8;

/** The number of a receipt, by which its sale is found again. */
export const receiptNoOf = (mealId: string): string => mealId.slice(-RECEIPT_LENGTH).toUpperCase();
