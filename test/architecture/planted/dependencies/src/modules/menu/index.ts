// breaks: entities-stay-home
export { DishEntity } from './dish.entity.js';
