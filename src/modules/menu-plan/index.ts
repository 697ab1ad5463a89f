export { MenuPlanModule } from './menu-plan.module.js';
