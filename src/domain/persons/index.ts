export * from './birth-date.js';
export * from './card-number.js';
export * from './category.js';
export * from './consent.js';
export * from './id-number.js';
export * from './person-name.js';
export * from './phone.js';
export * from './special-senior.js';
