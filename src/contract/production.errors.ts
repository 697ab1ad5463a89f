/** Refusals around batches, samples and what loads take from them. No money moves here. */
export const productionErrors = {
  'BATCH.DAY_STARTED': { zh: '没有改动。这一天已经有做好的批次，只能逐批添加。', en: 'Nothing changed. Batches of this day are already cooked; add further ones one by one.' },
  'BATCH.NOTHING_TO_COOK': { zh: '没有排批次。这一天没有要做的份数，先写菜单或者等订餐。', en: 'No batches were planned. There is nothing to cook on this day; write the menu or wait for orders.' },
  'BATCH.NOT_PLANNED': { zh: '没有登记。这一批已经登记过出锅了。', en: 'Nothing was recorded. This batch was already recorded as cooked.' },
  'BATCH.NOT_COOKED': { zh: '没有登记。请先登记这一批出锅和中心温度。', en: 'Nothing was recorded. Record first that this batch is cooked, with its core temperature.' },
  'BATCH.SAMPLE_KEPT': { zh: '没有改动。这一批已经留过样。', en: 'Nothing changed. A sample of this batch is already kept.' },
  'BATCH.NOT_RELEASABLE': { zh: '没有放行。中心温度、留样、领料、召回有一项不合要求。', en: 'The batch was not released. Its temperature, its sample, the goods issued to it or a recall stands in the way.' },
  'BATCH.NOT_DROPPABLE': { zh: '没有改动。已经放行的批次不能作废，有问题请召回。', en: 'Nothing changed. A released batch is not given up; where something is wrong with it, recall it.' },
  'BATCH.NOT_ENOUGH_RELEASED': { zh: '没有装车。已放行的份数不够，先登记温度和留样，再放行。', en: 'Nothing was loaded. Too few portions are released; record temperature and sample, then release.' },
  'BATCH.LIMITS_LOOSER': { zh: '没有保存。比通行规定宽的限值（{limits}）由街道改，厨房只能改严。', en: 'Nothing was saved. Limits looser than the common rule ({limits}) are set by the street; the kitchen may only make them stricter.' },
  'BATCH.LIMITS_CROSSED': { zh: '没有保存。冰箱下限要低于上限。', en: 'Nothing was saved. The fridge’s lower limit must lie below its upper one.' },
  'SAMPLE.TOO_EARLY': { zh: '没有登记。留样还没满规定的时间，要提前处理请写原因。', en: 'Nothing was recorded. The sample must be kept longer; to discard it early, write why.' },
  'SAMPLE.SAME_PERSON': { zh: '没有登记。留样的人不能自己复核，请另一个人看。', en: 'Nothing was recorded. Whoever took the sample cannot review it; ask somebody else.' },
  'SAMPLE.RELEASED_KEPT': { zh: '没有登记。这一锅已经放行，留样没满时间不能由一个人处理。请先让另一个人复核，再写原因处理。', en: 'Nothing was recorded. The batch was released: before its time nobody discards this sample alone. Have somebody else review it first, then discard it with the reason.' },
  'SAMPLE.NOT_REVIEWED': { zh: '没有登记。这份留样还没有别人复核，留样的人不能独自处理。', en: 'Nothing was recorded. Nobody else has looked at this sample; whoever took it cannot discard it alone.' },
  'SAMPLE.DISCARDED': { zh: '没有改动。这份留样已经处理过了。', en: 'Nothing changed. This sample was already discarded.' },
} as const;
