/** Refusals around production, loads and the counts of a point. No money moves here. */
export const kitchenErrors = {
  'KITCHEN.DAY_PAST': { zh: '没有保存。这一天已经过去。', en: 'Nothing was saved. This day is over.' },
  'KITCHEN.WEATHER_DAY': { zh: '没有保存。只记一年以内和七天以后的天气。', en: 'Nothing was saved. Weather is kept for the last year and the next seven days.' },
  'KITCHEN.NOT_FOUND': { zh: '没有找到这个厨房。', en: 'This kitchen was not found.' },
  'KITCHEN.NOT_ON_MENU': { zh: '没有装车。其中有的套餐今天不在菜单上。', en: 'Nothing was loaded. One of the set meals is not on the menu of the day.' },
  'KITCHEN.ALREADY_LEFT': { zh: '没有改动。这一车已经出发了。', en: 'Nothing changed. This load has already left.' },
  'KITCHEN.LOAD_WARM': { zh: '没有出发。{celsius} °C 既不够热（60 °C）也不够冷（8 °C）：先加热或者冷下来再走。', en: 'Not left. {celsius} °C is neither hot (60 °C) nor cold (8 °C): heat it or cool it first.' },
  'KITCHEN.LOAD_RECALLED': { zh: '没有出发。这一车里有召回的批次，请留下，另装一车。', en: 'Not left. Food of a recalled batch is in this load; keep it back and seal another.' },
  'KITCHEN.MORE_THAN_SENT': { zh: '没有收货。收到的不能比厨房装的多；多出来的请厨房另封一车。', en: 'Nothing was accepted. No more can arrive than was sent; have the kitchen seal the rest as a load of its own.' },
  'KITCHEN.LOAD_VOID': { zh: '没有改动。这一车已经作废，留在厨房。', en: 'Nothing changed. This load was voided and stays in the kitchen.' },
  'KITCHEN.NOT_LEFT': { zh: '没有收货。厨房还没有登记这一车出发。', en: 'Nothing was accepted. The kitchen has not recorded that this load left.' },
  'KITCHEN.ALREADY_ACCEPTED': { zh: '没有改动。这一车已经收过了。', en: 'Nothing changed. This load was already accepted.' },
  'KITCHEN.ITEMS_DIFFER': { zh: '没有收货。请把车上每一种套餐都点一遍数。', en: 'Nothing was accepted. Count each set meal of the load, and no other.' },
  'KITCHEN.DIFFERENCE_UNEXPLAINED': { zh: '没有收货。点的数和厨房装的数不同，请写一句原因。', en: 'Nothing was accepted. The count differs from what was sent; write one line why.' },
  'KITCHEN.WASTE_TOO_MANY': { zh: '没有登记。剩下的没有这么多份。', en: 'Nothing was recorded. Fewer portions than that are left.' },
} as const;
