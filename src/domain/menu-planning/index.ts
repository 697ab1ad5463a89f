export * from './menu-model.js';
export * from './read-menu.js';
