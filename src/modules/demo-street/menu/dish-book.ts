import type { Allergen, DishKind } from '../../../contract/menu.js';
import type { DietCode } from '../../../contract/seniors.js';

/** A dish of the demo kitchen: what it is in a set meal, whose needs it meets, what it contains. */
export interface DemoDish {
  name: string;
  kind: DishKind;
  dietTags: readonly DietCode[];
  allergens: readonly Allergen[];
}

const dish = (name: string, kind: DishKind, dietTags: readonly DietCode[] = [], allergens: readonly Allergen[] = []): DemoDish =>
  ({ name, kind, dietTags, allergens });

/** Home cooking of the lower Yangtze, in groups from which the set meals rotate. */
export const DISH_BOOK = {
  meat: [
    dish('红烧肉', 'meat', [], ['soy', 'gluten']), dish('糖醋小排', 'meat', [], ['soy', 'gluten']), dish('清蒸鲈鱼', 'meat', ['low-fat', 'soft', 'diabetic'], ['fish', 'soy']),
    dish('红烧带鱼', 'meat', [], ['fish', 'soy', 'gluten']), dish('白切鸡', 'meat', ['halal', 'low-fat', 'diabetic']), dish('笋干老鸭', 'meat', [], ['soy']),
    dish('狮子头', 'meat', ['soft'], ['egg', 'soy', 'gluten']), dish('葱油鳊鱼', 'meat', ['low-fat'], ['fish', 'soy']), dish('土豆烧牛肉', 'meat', ['halal'], ['soy', 'gluten']),
    dish('盐水虾', 'meat', ['low-fat', 'diabetic'], ['crustacean']), dish('梅干菜扣肉', 'meat', [], ['soy']), dish('香菇蒸鸡', 'meat', ['halal', 'soft', 'low-salt']),
  ],
  halfMeat: [
    dish('番茄炒蛋', 'half-meat', ['soft', 'halal'], ['egg']), dish('肉末豆腐', 'half-meat', ['soft', 'minced'], ['soy']), dish('青椒肉丝', 'half-meat', [], ['soy']),
    dish('木耳炒鸡片', 'half-meat', ['halal', 'diabetic'], ['soy']), dish('芹菜香干肉丝', 'half-meat', [], ['soy']), dish('黄瓜炒虾仁', 'half-meat', ['low-fat'], ['crustacean']),
    dish('洋葱牛柳', 'half-meat', ['halal'], ['soy', 'gluten']), dish('蒜苗炒蛋', 'half-meat', ['halal'], ['egg']), dish('榨菜肉末蒸蛋', 'half-meat', ['soft'], ['egg', 'soy']),
  ],
  vegetable: [
    dish('清炒上海青', 'vegetable', ['vegetarian', 'halal', 'low-fat', 'diabetic']), dish('蒜泥菠菜', 'vegetable', ['vegetarian', 'halal', 'diabetic']),
    dish('红烧冬瓜', 'vegetable', ['vegetarian', 'soft', 'halal'], ['soy']), dish('油焖茄子', 'vegetable', ['vegetarian', 'soft', 'halal'], ['soy']),
    dish('清炒藕片', 'vegetable', ['vegetarian', 'halal', 'low-fat']), dish('白灼西兰花', 'vegetable', ['vegetarian', 'halal', 'low-salt', 'diabetic']),
    dish('雪菜炒笋', 'vegetable', ['vegetarian', 'halal']), dish('家常豆腐', 'vegetable', ['vegetarian', 'soft', 'halal'], ['soy']),
    dish('手撕包菜', 'vegetable', ['vegetarian', 'halal']), dish('毛豆丝瓜', 'vegetable', ['vegetarian', 'soft', 'halal'], ['soy']), dish('南瓜百合', 'vegetable', ['vegetarian', 'soft', 'halal', 'low-salt']),
  ],
  softMain: [
    dish('清蒸鳕鱼泥', 'meat', ['soft', 'minced', 'low-salt', 'low-fat', 'diabetic'], ['fish']), dish('鸡茸蒸豆腐', 'meat', ['soft', 'minced', 'low-salt', 'halal', 'diabetic'], ['soy']),
    dish('肉糜蒸蛋', 'meat', ['soft', 'minced', 'low-salt'], ['egg']), dish('番茄龙利鱼', 'meat', ['soft', 'low-salt', 'low-fat'], ['fish']), dish('香菇鸡肉丸', 'meat', ['soft', 'low-salt', 'halal'], ['egg']),
  ],
  softVegetable: [
    dish('烂糊白菜', 'vegetable', ['vegetarian', 'soft', 'low-salt', 'halal', 'diabetic']), dish('蒸南瓜', 'vegetable', ['vegetarian', 'soft', 'low-salt', 'halal']),
    dish('胡萝卜泥', 'vegetable', ['vegetarian', 'soft', 'minced', 'low-salt', 'halal']), dish('蒸茄子', 'vegetable', ['vegetarian', 'soft', 'low-salt', 'halal', 'diabetic']),
  ],
  soup: [
    dish('紫菜蛋花汤', 'soup', ['soft', 'halal'], ['egg']), dish('冬瓜排骨汤', 'soup', ['soft']), dish('番茄豆腐汤', 'soup', ['vegetarian', 'soft', 'halal'], ['soy']),
    dish('萝卜丝汤', 'soup', ['vegetarian', 'soft', 'low-salt', 'halal']), dish('菌菇汤', 'soup', ['vegetarian', 'halal', 'low-salt']),
  ],
  staple: [
    dish('米饭', 'staple', ['vegetarian', 'halal', 'low-salt', 'low-fat']), dish('杂粮饭', 'staple', ['vegetarian', 'halal', 'diabetic', 'low-salt', 'low-fat']),
    dish('软米饭', 'staple', ['vegetarian', 'soft', 'halal', 'low-salt', 'low-fat']), dish('南瓜粥', 'staple', ['vegetarian', 'soft', 'minced', 'halal', 'low-salt']),
  ],
} as const;

export const ALL_DISHES: readonly DemoDish[] = Object.values(DISH_BOOK).flat();
