import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { NutritionModule } from '../nutrition/index.js';
import { DishTextures } from './dish-textures.query.js';
import { MenuCycles } from './menu-cycles.js';
import { MenuPlanController } from './menu-plan.controller.js';
import { MenuSolver } from './menu-solver.js';
import { PlanMenu } from './plan-menu.js';

@Module({ imports: [MenuModule, NutritionModule], controllers: [MenuPlanController], providers: [DishTextures, MenuCycles, MenuSolver, PlanMenu] })
export class MenuPlanModule {}
