import type { ErrorCatalogue } from './error-words.js';

/** Refusals around food tables, ingredients and recipes. */
export const nutritionErrors = {
  'NUTRITION.HEADING_UNKNOWN': { zh: '没有导入。第一行要是成分表的 34 个列名。', en: 'Nothing was imported. The first row must hold the 34 column names of a composition table.' },
  'NUTRITION.PHOTO_BAD': { zh: '没有保存。照片要是 200 KB 以内的 JPEG 或 PNG。', en: 'Nothing was saved. A photo is a JPEG or PNG of at most 200 KB.' },
  'NUTRITION.NOTHING_USABLE': { zh: '没有导入。文件里没有一行能用。', en: 'Nothing was imported. No row of the file can be used.' },
  'NUTRITION.SAME_FILE': { zh: '没有导入。这个文件已经导入过。', en: 'Nothing was imported. This file has been imported before.' },
  'NUTRITION.FOOD_UNKNOWN': { zh: '没有保存。没有找到这一行成分。', en: 'Nothing was saved. This row of a food table was not found.' },
  'NUTRITION.FOOD_IS_DEMO': { zh: '没有保存。演示数据不能核实。', en: 'Nothing was saved. Demo data cannot be verified.' },
  'NUTRITION.NAME_TAKEN': { zh: '没有保存。已有同名的原料。', en: 'Nothing was saved. There is an ingredient of this name already.' },
  'NUTRITION.INGREDIENT_UNKNOWN': { zh: '没有保存。其中一种原料不在本厨房。', en: 'Nothing was saved. One of the ingredients does not belong to this kitchen.' },
  'NUTRITION.INGREDIENT_TWICE': { zh: '没有保存。同一种原料写了两次。', en: 'Nothing was saved. The same ingredient stands there twice.' },
  'NUTRITION.DISH_IN_USE': { zh: '没有停用。这道菜还在以后的菜单或循环菜单里，先换掉。', en: 'Not retired. A menu to come or a kept menu cycle still holds this dish; replace it there first.' },
  'NUTRITION.DISH_UNKNOWN': { zh: '没有找到这道菜。', en: 'This dish was not found.' },
  'NUTRITION.ALLERGEN_MISSING': { zh: '没有保存。原料含有没有写上的过敏原:{allergens}。', en: 'Nothing was saved. The ingredients hold allergens that the dish does not name: {allergens}.' },
  'NUTRITION.DECLARATION_CHANGED': { zh: '没有保存。您打开这一页以后，有人改过这道菜的申报。请看清现在写的过敏原、危险和质地，再保存一次。', en: 'Nothing was saved. Somebody has changed what is declared of this dish since you opened it. Look at its allergens, hazards and texture as they stand now, then save again.' },
  'NUTRITION.TEST_OF_OLD_RECIPE': { zh: '没有保存。配方 {version} 版之后还没有测过质地，请按新配方重新测。', en: 'Nothing was saved. The texture was tested before version {version} of the recipe; test what is cooked by it.' },
  'NUTRITION.NOT_RAW': { zh: '没有保存。有肉、禽、水产、蛋或奶的菜都要量中心温度。', en: 'Nothing was saved. A dish with meat, poultry, fish, egg or milk is measured at its core.' },
  'NUTRITION.TEST_IN_FUTURE': { zh: '没有保存。质地测试的日期在今天之后。', en: 'Nothing was saved. The day of the texture test lies ahead.' },
} as const satisfies ErrorCatalogue;
