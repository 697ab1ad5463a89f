import { Module } from '@nestjs/common';
import { MenuModule } from '../menu/index.js';
import { RecipeBook } from './recipe-book.js';

@Module({ imports: [MenuModule], providers: [RecipeBook], exports: [RecipeBook] })
export class NutritionModule {}
