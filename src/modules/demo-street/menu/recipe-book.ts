import type { Allergen } from '../../../contract/menu.js';
import type { FoodGroup } from '../../../contract/nutrition.js';

/**
 * Round figures for the demo street, made up from what such foods hold roughly: no food composition table, never verified,
 * and shown as demo data wherever they appear. Per 100 g of edible part.
 */
export interface DemoFood {
  group: FoodGroup;
  /** Share of the purchased weight that is eaten. */
  edible: number;
  /** kcal, g protein, g fat, g carbohydrate, mg sodium, mg potassium, mg calcium. */
  figures: readonly [number, number, number, number, number, number, number];
  fenPerKg: number;
  allergens: readonly Allergen[];
  purine: 'low' | 'medium' | 'high';
}

const food = (group: FoodGroup, edible: number, fenPerKg: number, figures: DemoFood['figures'], allergens: readonly Allergen[] = [], purine: DemoFood['purine'] = 'low'): DemoFood =>
  ({ group, edible, figures, fenPerKg, allergens, purine });

export const DEMO_FOODS = {
  五花肉: food('meat', 0.95, 3000, [400, 14, 38, 1, 60, 250, 6], [], 'medium'), 猪瘦肉: food('meat', 1, 3200, [150, 20, 7, 2, 58, 300, 6], [], 'medium'),
  排骨: food('meat', 0.7, 4400, [270, 17, 22, 1, 62, 240, 14], [], 'medium'), 牛肉: food('meat', 1, 7200, [130, 20, 5, 1, 60, 280, 8], [], 'medium'),
  鸡肉: food('poultry', 0.75, 2200, [165, 19, 9, 1, 65, 250, 9], [], 'medium'), 鸭肉: food('poultry', 0.7, 2400, [240, 16, 19, 0, 70, 190, 6], [], 'medium'),
  鲈鱼: food('aquatic', 0.6, 4400, [105, 18, 3, 0, 145, 205, 138], ['fish'], 'medium'), 带鱼: food('aquatic', 0.75, 3600, [127, 18, 5, 3, 150, 280, 28], ['fish'], 'high'),
  鳊鱼: food('aquatic', 0.6, 2600, [135, 18, 6, 1, 41, 215, 89], ['fish'], 'medium'), 鳕鱼: food('aquatic', 0.9, 6000, [88, 20, 1, 0, 130, 320, 42], ['fish'], 'medium'),
  龙利鱼: food('aquatic', 1, 3800, [80, 17, 1, 0, 150, 250, 20], ['fish'], 'medium'), 虾: food('aquatic', 0.6, 6000, [90, 18, 1, 2, 165, 215, 62], ['crustacean'], 'high'),
  鸡蛋: food('egg', 0.88, 1100, [144, 13, 9, 2, 130, 150, 55], ['egg']), 豆腐: food('bean', 1, 600, [82, 8, 4, 4, 7, 120, 140], ['soy']), 香干: food('bean', 1, 1400, [150, 16, 8, 4, 230, 100, 300], ['soy']),
  毛豆: food('bean', 0.53, 900, [130, 13, 5, 10, 4, 480, 135], ['soy']), 大米: food('cereal', 1, 600, [346, 7, 1, 77, 4, 100, 13]), 杂粮: food('cereal', 1, 900, [340, 10, 2, 70, 5, 280, 35]),
  土豆: food('tuber', 0.94, 400, [77, 2, 0, 17, 3, 340, 8]), 上海青: food('vegetable', 0.9, 500, [16, 1.5, 0.2, 2.6, 70, 210, 90]), 菠菜: food('vegetable', 0.89, 700, [28, 2.6, 0.3, 4.5, 85, 310, 66]),
  冬瓜: food('vegetable', 0.8, 300, [11, 0.4, 0.2, 2.4, 2, 78, 19]), 茄子: food('vegetable', 0.93, 500, [21, 1, 0.2, 4.8, 5, 140, 24]), 莲藕: food('vegetable', 0.88, 800, [70, 1.9, 0.2, 16, 44, 240, 39]),
  西兰花: food('vegetable', 0.83, 800, [36, 4, 0.6, 4, 19, 200, 67]), 雪菜: food('vegetable', 0.94, 700, [24, 2, 0.4, 4, 1400, 280, 230]), 竹笋: food('vegetable', 0.63, 1200, [23, 2.6, 0.2, 3.6, 1, 390, 9]),
  包菜: food('vegetable', 0.86, 300, [24, 1.5, 0.2, 4.6, 27, 124, 49]), 丝瓜: food('vegetable', 0.83, 700, [20, 1, 0.2, 4, 3, 115, 14]), 南瓜: food('vegetable', 0.85, 400, [23, 0.7, 0.1, 5.3, 1, 145, 16]),
  百合: food('vegetable', 0.82, 3600, [166, 3.2, 0.1, 38, 7, 510, 11]), 白菜: food('vegetable', 0.87, 250, [18, 1.5, 0.1, 3.2, 58, 110, 50]), 胡萝卜: food('vegetable', 0.96, 400, [39, 1, 0.2, 8.8, 71, 190, 32]),
  番茄: food('vegetable', 0.97, 600, [20, 0.9, 0.2, 4, 5, 163, 10]), 青椒: food('vegetable', 0.84, 700, [22, 1, 0.2, 5, 3, 142, 14]), 芹菜: food('vegetable', 0.66, 500, [20, 1.2, 0.2, 4.5, 159, 206, 80]),
  黄瓜: food('vegetable', 0.92, 500, [16, 0.8, 0.2, 2.9, 5, 102, 24]), 洋葱: food('vegetable', 0.9, 400, [40, 1.1, 0.2, 9, 4, 147, 24]), 蒜苗: food('vegetable', 0.82, 900, [40, 2.1, 0.4, 8, 5, 226, 29]),
  萝卜: food('vegetable', 0.95, 250, [21, 0.9, 0.1, 5, 62, 173, 36]), 梅干菜: food('vegetable', 1, 3000, [200, 12, 2, 35, 2800, 1200, 250]), 榨菜: food('vegetable', 1, 1200, [33, 2.2, 0.3, 6.5, 4250, 363, 155]),
  笋干: food('vegetable', 1, 6000, [196, 26, 4, 45, 10, 1660, 42]), 香菇: food('mushroom', 1, 1400, [26, 2.2, 0.3, 5.2, 2, 20, 2], [], 'medium'), 木耳: food('mushroom', 1, 800, [27, 1.5, 0.2, 6, 9, 52, 34]),
  平菇: food('mushroom', 0.93, 800, [24, 1.9, 0.3, 4.6, 4, 258, 5], [], 'medium'), 紫菜: food('mushroom', 1, 9000, [250, 27, 1, 44, 710, 1796, 264], [], 'high'),
  油: food('oil', 1, 1200, [899, 0, 99.9, 0, 0, 0, 0]), 盐: food('seasoning', 1, 400, [0, 0, 0, 0, 39300, 14, 22]), 酱油: food('seasoning', 1, 1000, [63, 5.6, 0.1, 10, 5750, 337, 66], ['soy', 'gluten']),
  白糖: food('seasoning', 1, 800, [400, 0, 0, 99.9, 0, 5, 20]),
} as const satisfies Readonly<Record<string, DemoFood>>;
export type DemoFoodName = keyof typeof DEMO_FOODS;

const FRIED = { 油: 6, 盐: 0.4 } as const;
const BRAISED = { 油: 5, 酱油: 3, 白糖: 3 } as const;
const STEAMED = { 油: 2, 盐: 0.3 } as const;
const SOUP = { 油: 1, 盐: 0.3 } as const;

/** Grams as bought for one portion. Dishes that are missing have no recipe, and the pages say so. */
export const DEMO_RECIPES: Readonly<Record<string, { grams: Readonly<Partial<Record<DemoFoodName, number>>>; cookingYield: number }>> = Object.fromEntries(Object.entries({
  红烧肉: [{ 五花肉: 75, ...BRAISED }, 0.8], 糖醋小排: [{ 排骨: 110, ...BRAISED, 白糖: 8 }, 0.8], 清蒸鲈鱼: [{ 鲈鱼: 130, 油: 3, 酱油: 3 }, 0.9], 红烧带鱼: [{ 带鱼: 110, ...BRAISED }, 0.85],
  白切鸡: [{ 鸡肉: 110, ...STEAMED }, 0.85], 笋干老鸭: [{ 鸭肉: 100, 笋干: 8, ...BRAISED }, 0.9], 狮子头: [{ 五花肉: 40, 猪瘦肉: 35, 鸡蛋: 10, ...BRAISED }, 0.85], 葱油鳊鱼: [{ 鳊鱼: 130, 油: 4, 酱油: 3 }, 0.9],
  土豆烧牛肉: [{ 牛肉: 55, 土豆: 90, ...BRAISED }, 0.9], 盐水虾: [{ 虾: 110, 盐: 0.2 }, 0.9], 梅干菜扣肉: [{ 五花肉: 65, 梅干菜: 5, 油: 3, 白糖: 3 }, 0.85], 香菇蒸鸡: [{ 鸡肉: 105, 香菇: 20, ...STEAMED }, 0.85],
  番茄炒蛋: [{ 番茄: 90, 鸡蛋: 55, ...FRIED }, 0.85], 肉末豆腐: [{ 猪瘦肉: 25, 豆腐: 110, ...BRAISED }, 0.9], 青椒肉丝: [{ 青椒: 80, 猪瘦肉: 45, ...FRIED, 酱油: 2 }, 0.8], 木耳炒鸡片: [{ 木耳: 40, 鸡肉: 55, 胡萝卜: 20, ...FRIED }, 0.85],
  芹菜香干肉丝: [{ 芹菜: 80, 香干: 30, 猪瘦肉: 25, ...FRIED }, 0.85], 黄瓜炒虾仁: [{ 黄瓜: 90, 虾: 50, ...FRIED }, 0.85], 洋葱牛柳: [{ 洋葱: 70, 牛肉: 45, ...FRIED, 酱油: 2 }, 0.8], 蒜苗炒蛋: [{ 蒜苗: 70, 鸡蛋: 50, ...FRIED }, 0.85],
  榨菜肉末蒸蛋: [{ 榨菜: 4, 猪瘦肉: 20, 鸡蛋: 55, 油: 2 }, 1.4], 清炒上海青: [{ 上海青: 150, ...FRIED }, 0.75], 蒜泥菠菜: [{ 菠菜: 150, ...FRIED }, 0.75], 红烧冬瓜: [{ 冬瓜: 170, ...BRAISED }, 0.85],
  油焖茄子: [{ 茄子: 140, ...BRAISED, 油: 9 }, 0.85], 清炒藕片: [{ 莲藕: 120, ...FRIED }, 0.85], 白灼西兰花: [{ 西兰花: 140, 油: 2, 盐: 0.2 }, 0.9], 雪菜炒笋: [{ 雪菜: 10, 竹笋: 120, 油: 6 }, 0.85],
  家常豆腐: [{ 豆腐: 130, 青椒: 20, ...BRAISED }, 0.85], 手撕包菜: [{ 包菜: 150, ...FRIED }, 0.75], 毛豆丝瓜: [{ 毛豆: 60, 丝瓜: 110, ...FRIED }, 0.85], 南瓜百合: [{ 南瓜: 130, 百合: 12, 油: 3, 盐: 0.2 }, 0.9],
  清蒸鳕鱼泥: [{ 鳕鱼: 100, 油: 2, 盐: 0.2 }, 0.9], 鸡茸蒸豆腐: [{ 鸡肉: 60, 豆腐: 90, 油: 2, 盐: 0.2 }, 0.95], 肉糜蒸蛋: [{ 猪瘦肉: 40, 鸡蛋: 55, 油: 2, 盐: 0.2 }, 1.4], 番茄龙利鱼: [{ 番茄: 60, 龙利鱼: 100, 油: 4, 盐: 0.2 }, 0.9],
  香菇鸡肉丸: [{ 鸡肉: 95, 香菇: 15, 鸡蛋: 10, 油: 2, 盐: 0.2 }, 0.9], 烂糊白菜: [{ 白菜: 170, 油: 4, 盐: 0.2 }, 0.85], 蒸南瓜: [{ 南瓜: 160 }, 0.95], 胡萝卜泥: [{ 胡萝卜: 140, 油: 2, 盐: 0.3 }, 0.95],
  蒸茄子: [{ 茄子: 150, 油: 3, 盐: 0.2 }, 0.9], 紫菜蛋花汤: [{ 紫菜: 2, 鸡蛋: 12, ...SOUP }, 8], 冬瓜排骨汤: [{ 冬瓜: 70, 排骨: 25, ...SOUP }, 2.5], 番茄豆腐汤: [{ 番茄: 40, 豆腐: 40, ...SOUP }, 2.8],
  萝卜丝汤: [{ 萝卜: 80, ...SOUP, 盐: 0.2 }, 2.8], 菌菇汤: [{ 平菇: 35, 香菇: 15, ...SOUP, 盐: 0.2 }, 4], 米饭: [{ 大米: 85 }, 2.3], 杂粮饭: [{ 大米: 60, 杂粮: 25 }, 2.4], 软米饭: [{ 大米: 80 }, 2.8],
  南瓜粥: [{ 大米: 55, 南瓜: 60 }, 5],
} satisfies Record<string, [Partial<Record<DemoFoodName, number>>, number]>).map(([name, [grams, cookingYield]]) => [name, { grams, cookingYield }]));
