/** Refusals around suppliers, lots and recalls. No money moves here. */
export const stockErrors = {
  'STOCK.LICENCE_EXPIRED': { zh: '没有收货。这家供货商的许可证已经过期。', en: 'Nothing was received. The licence of this supplier has expired.' },
  'STOCK.LOT_EXPIRED': { zh: '没有收货。这批货已经过了保质期。', en: 'Nothing was received. This lot is past its shelf life.' },
  'STOCK.PRODUCED_IN_FUTURE': { zh: '没有收货。生产日期在今天之后，请看清年份和月份。', en: 'Nothing was received. The production date lies ahead; look at its year and month.' },
  'STOCK.SUPPLIER_KNOWN': { zh: '没有登记。这家供货商已经在名单上。', en: 'Nothing was recorded. This supplier is already on the list.' },
  'STOCK.NOT_ENOUGH': { zh: '没有领料。没过期、没召回的库存不够。', en: 'Nothing was issued. There is too little stock that is neither expired nor recalled.' },
  'STOCK.LOT_RECALLED': { zh: '没有改动。这一批货被召回了。', en: 'Nothing changed. This lot is recalled.' },
  'STOCK.EARLIER_LOT': { zh: '没有领料。{lotNo} 这批更早到期，先用它；一定要用手上这批，请写明原因。', en: 'Nothing was issued. Lot {lotNo} expires earlier and is used first; to use the one in hand, give a reason.' },
  'STOCK.NOT_ISSUED': { zh: '没有退料。这批货没有给这一锅领过这么多。', en: 'Nothing was returned. Less than this was issued of the lot to this batch.' },
  'STOCK.BATCH_DONE': { zh: '没有改动。这一批已经放行或作废，不能再领料、退料。', en: 'Nothing changed. This batch is released or given up already.' },
  'RECALL.ONE_THING': { zh: '没有召回。请选一批货或一个批次。', en: 'Nothing was recalled. Name one lot or one batch.' },
  'RECALL.ALREADY_OPEN': { zh: '没有改动。它已经在召回中。', en: 'Nothing changed. It is already recalled.' },
  'RECALL.SAME_PERSON': { zh: '没有解除。要由另一个人同意。', en: 'The recall stands. Another person must agree to end it.' },
  'RECALL.NOT_ASKED': { zh: '没有改动。先要有人写原因申请解除，解除过的不能再改。', en: 'Nothing changed. Somebody must first ask for its end with a reason; an ended recall stays ended.' },
} as const;
