// breaks: controllers-touch-no-table
import { DishEntity } from './dish.entity.js';
export class MenuController { readonly dish = new DishEntity(); }
