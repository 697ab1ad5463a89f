import type { Role } from '../../src/contract/access.js';
import { DEFAULT_DELIVERY_SETTINGS } from '../../src/domain/routing/index.js';
import { demoStreetPolicy } from '../../src/modules/subsidy/index.js';
import { captureOf } from '../fixtures/faces.js';
import { consent } from '../fixtures/people.js';

/** A request that names a thing of another street: refused as if the thing did not exist. */
export interface Foreign {
  readonly as: Role;
  /** A body that is good but for its scope. */
  readonly body?: object;
}

const reason = '跨街道测试';
const hospitalStay = { kind: 'hospital', from: '2026-11-20', to: null, source: '家属', evidence: '住院单 1' };

const policyBody = {
  name: '新政策', jurisdiction: '演示街道', sourceDocument: '演示文件', effectiveFrom: '2027-01-01', effectiveTo: null, rules: demoStreetPolicy().rules, testCases: [],
};
const snapshotId = '01a1fde2-45ba-7279-ab90-6c299ce81cf9';

const ingredientBody = { name: '另一种肉', foodGroup: 'meat', allergens: [], foodId: null, edibleShare: null, fenPerKg: null, purine: null };

/** One line for each operation whose path names a thing. The parameters are filled with the other street's ids. */
export const FOREIGN_TABLE: Readonly<Record<string, Foreign>> = {
  disableStaff: { as: 'administrator', body: { reason } },
  enableStaff: { as: 'administrator', body: { reason } },
  resetPassword: { as: 'administrator', body: { reason } },
  changeScope: { as: 'administrator', body: { reason, role: 'finance', scopeKind: 'street', scopeId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9' } },
  readException: { as: 'supervisor' },
  assignException: { as: 'finance', body: { ownerId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9' } },
  commentException: { as: 'finance', body: { note: reason } },
  closeException: { as: 'finance', body: { outcome: 'explained', note: reason } },
  decideOfflineSale: { as: 'finance', body: { decision: 'reject', reason } },
  signOfflineSettings: { as: 'finance', body: { enabled: false, mealFen: 1, kioskSales: 1, kioskFen: 1, balanceMeals: 1, windowMin: 60, hardStopMin: 60 } },
  revokeDevice: { as: 'administrator', body: { reason } },
  sendLoad: { as: 'kitchen', body: {} },
  proveMeal: { as: 'finance' },
  cashShiftSlip: { as: 'attendant' },
  confirmCashShift: { as: 'finance', body: {} },
  readPolicy: { as: 'finance' },
  savePolicy: { as: 'finance', body: { ...policyBody, revision: 1 } },
  deletePolicy: { as: 'finance' },
  proposePolicy: { as: 'finance', body: { revision: 1 } },
  returnPolicy: { as: 'street', body: { revision: 1 } },
  publishPolicy: { as: 'street', body: { revision: 1 } },
  rehearsePolicy: { as: 'finance', body: { month: '2026-10' } },
  readPolicyRun: { as: 'finance' },
  readRehearsedPerson: { as: 'finance' },
  readClaim: { as: 'finance' },
  exportClaim: { as: 'auditor' },
  checkClaim: { as: 'street', body: { snapshotId } },
  signClaim: { as: 'street', body: { snapshotId } },
  returnClaim: { as: 'street', body: { snapshotId, reason } },
  setGoal: { as: 'finance', body: { year: 2026, kind: 'number', target: 1 } },
  payClaim: { as: 'finance', body: { snapshotId, bankReference: 'BANK-0001', paidOn: '2026-11-24' } },
  readWallet: { as: 'attendant' },
  previewRefund: { as: 'attendant' },
  walletStatement: { as: 'finance' },
  exportWalletStatement: { as: 'finance' },
  grantDonation: { as: 'finance', body: { amountFen: 100, direction: 'grant', reason } },
  movePoints: { as: 'attendant', body: { points: 1, direction: 'grant', reason } },
  askRefund: { as: 'attendant', body: { cause: 'consumer', payTo: { kind: 'cash' }, reason } },
  askWriteOff: { as: 'finance', body: { amountFen: 100, reason } },
  askUndoTopUp: { as: 'attendant', body: { reason } },
  askReleasePayout: { as: 'finance', body: { accountName: '陈小红', accountNo: '6222000011112222', bankName: '杭州银行', reason } },
  approveMoneyRequest: { as: 'finance', body: {} },
  refuseMoneyRequest: { as: 'finance', body: {} },
  bankFile: { as: 'finance' },
  creditBankFile: { as: 'finance' },
  channelOrder: { as: 'attendant' },
  askChannelOrder: { as: 'attendant' },
  listChannelOrders: { as: 'attendant' },
  cancelChannelOrder: { as: 'attendant' },
  askUndoWriteOff: { as: 'finance', body: { reason } },
  markPayout: { as: 'finance', body: { paidOn: '2026-11-24', reference: 'BANK-1' } },
  showPayee: { as: 'finance' },
  bindSeniorCard: { as: 'attendant', body: { cardNo: '6210991234567897' } },
  replaceLostCard: { as: 'attendant', body: { newCardNo: null, reason } },
  verifyFood: { as: 'kitchen', body: { opened: '《成分表》第 3 页' } },
  changeIngredient: { as: 'kitchen', body: ingredientBody },
  readDishRecipe: { as: 'kitchen' },
  declareDish: { as: 'kitchen', body: { allergens: [], texture: null, hazards: [], fenPer100g: null, picture: '', substituteIds: [] } },
  writeRecipe: { as: 'kitchen', body: { portions: 1, cookingYield: 1, method: '', ingredients: [{ ingredientId: snapshotId, purchasedG: 1 }] } },
  showPointPortions: { as: 'attendant' },
  canteenScreen: { as: 'attendant' },
  setSeats: { as: 'attendant', body: { seats: 40, stayMin: 30 } },
  acceptLoad: { as: 'attendant', body: { items: [{ setMealId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', accepted: 1 }], temperatureC: 70 } },
  recordWaste: { as: 'attendant', body: { setMealId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', portions: 1, reason: 'dropped' } },
  showDayClose: { as: 'attendant' },
  listDayCloseMeals: { as: 'finance' },
  signDay: { as: 'attendant', body: { digest: '0'.repeat(64), countedCashFen: 0 } },
  countersignDay: { as: 'finance', body: { digest: '0'.repeat(64) } },
  sendBackDay: { as: 'supervisor', body: { reason } },
  listPortionTransfers: { as: 'attendant' },
  sendPortions: { as: 'attendant', body: { toPointId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', setMealId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', portions: 1 } },
  acceptPortions: { as: 'attendant', body: { accepted: 1 } },
  takeBackPortions: { as: 'attendant', body: {} },
  givePortions: { as: 'attendant', body: { setMealId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', portions: 1, reason: 'tasting' } },
  makePaperList: { as: 'attendant', body: { day: '2026-11-24', period: 'lunch', setCode: 'A' } },
  showPaperList: { as: 'attendant' },
  enterPaperList: { as: 'attendant', body: { reason, lines: [{ lineNo: 1, tick: 'cash' }] } },
  decidePaperLine: { as: 'supervisor', body: { approve: true } },
  checkPaperLine: { as: 'supervisor', body: { outcome: 'confirmed' } },
  answerObjection: { as: 'finance', body: { outcome: 'rejected', answer: reason } },
  showContractorBill: { as: 'contractor' },
  decideContractorBill: { as: 'finance', body: {} },
  payAdvance: { as: 'finance', body: { bankReference: 'BANK-0001', paidOn: '2026-11-24' } },
  decideAdvance: { as: 'finance', body: { approve: true } },
  readSenior: { as: 'attendant' },
  editSenior: { as: 'attendant', body: { phone: '13800001111' } },
  changeSeniorStatus: { as: 'street', body: { status: 'suspended', from: '2026-11-24', reason } },
  revealIdNumber: { as: 'attendant', body: { reason } },
  revealPhone: { as: 'attendant', body: { reason } },
  seniorWallet: { as: 'attendant' },
  seniorHistory: { as: 'attendant' },
  addSeniorCategory: { as: 'street', body: { code: 'alone', source: '社区', evidence: 'D-1', validFrom: '2026-01-01', validTo: null } },
  endSeniorCategory: { as: 'street', body: { validTo: '2026-12-01', reason } },
  addSeniorContact: { as: 'attendant', body: { kind: 'family', relation: '女儿', name: '陈小红', phone: '13800001111' } },
  removeSeniorContact: { as: 'attendant' },
  issueSeniorCard: { as: 'attendant', body: { cardNo: '79927398713' } },
  blockSeniorCard: { as: 'attendant', body: { reason } },
  setSeniorDiets: { as: 'attendant', body: { diets: ['soft'] } },
  giveConsent: { as: 'attendant', body: consent('face-point') },
  withdrawConsent: { as: 'attendant', body: { purpose: 'face-point' } },
  readFaceState: { as: 'attendant' },
  enrolFace: { as: 'attendant', body: captureOf(1) },
  applySpecialSenior: { as: 'attendant', body: { source: '社区', evidence: '走访单', validFrom: '2026-12-01' } },
  checkSpecialSenior: { as: 'street' },
  approveSpecialSenior: { as: 'street', body: { validFrom: '2026-12-01', validTo: '2027-12-01' } },
  refuseSpecialSenior: { as: 'street', body: { reason } },
  readImport: { as: 'street' },
  importResult: { as: 'street' },
  matchImportLine: { as: 'street', body: { seniorId: null } },
  confirmImport: { as: 'street' },
  discardImport: { as: 'street' },
  readOperator: { as: 'finance' },
  addOperatorPaper: { as: 'finance', body: { kind: 'licence', number: 'L-9', partyName: '演示餐饮', validFrom: '2028-01-01', validTo: '2029-01-01', evidence: 'E-9', replaces: null } },
  decideOperatorPaper: { as: 'finance', body: { approve: true, note: '' } },
  setPointKind: { as: 'street', body: { kind: 'community-point', supply: 'own' } },
  listLifeEvents: { as: 'street' },
  previewLifeEvent: { as: 'street', body: hospitalStay },
  recordLifeEvent: { as: 'street', body: hospitalStay },
  askUndoLifeEvent: { as: 'street', body: { reason } },
  decideUndoLifeEvent: { as: 'street', body: { approve: true } },
  lifeEventLetter: { as: 'finance' },
  namePayee: { as: 'street', body: { name: '陈小红', phone: '13800001111', relation: '女儿', proof: '户口簿' } },
  mealsAfterLifeEvent: { as: 'finance' },
  proposeClawBack: { as: 'finance', body: { mealIds: ['01a1fde2-45ba-7279-ab90-6c299ce81cf9'], reason } },
  decideClawBack: { as: 'finance', body: { approve: false, reason } },
  recordSeen: { as: 'attendant', body: { on: '2026-11-24', how: 'visited', note: '' } },
  decideDeliveryOffer: { as: 'street', body: { accept: true } },
  decideMerge: { as: 'street', body: { approve: true } },
  askMergeUndo: { as: 'street', body: { reason } },
  decideMergeUndo: { as: 'street', body: { approve: true } },
  mergeSenior: { as: 'street', body: { intoId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', evidence: '同一身份证' } },
  cancelOrder: { as: 'attendant', body: {} },
  pauseStandingPlan: { as: 'attendant', body: { from: '2026-12-01', to: null } },
  leaveTrip: { as: 'crew', body: { boxes: 1, deviceAt: '2026-11-24T03:00:00Z' } },
  closeTrip: { as: 'crew', body: { deviceAt: '2026-11-24T03:00:00Z' } },
  recordStopResult: { as: 'crew', body: { result: 'absent', reason: 'not-answering', deviceAt: '2026-11-24T03:00:00Z' } },
  postUnpostedStop: { as: 'street', body: {} },
  askStopFree: { as: 'street', body: { reason: '老人已付现金' } },
  agreeStopFree: { as: 'finance', body: {} },
  routeSheets: { as: 'dispatcher' },
  planRun: { as: 'dispatcher' },
  routePlan: { as: 'dispatcher' },
  decideRadius: { as: 'dispatcher', body: { decision: 'listed' } },
  deliverySettings: { as: 'dispatcher' },
  setDeliverySettings: { as: 'street', body: { ...DEFAULT_DELIVERY_SETTINGS } },
  endStandingPlan: { as: 'attendant', body: { from: '2026-12-01' } },
};

/** Queries of lists that do not answer without one; `:pointId` stands for a point. */
export const QUERY_TABLE: Readonly<Record<string, string>> = {
  checkOrder: `?seniorId=${snapshotId}&day=2026-11-26&period=lunch&setCode=A`,
  inspectionPhoto: '?inspectionId=01a1fde2-45ba-7279-ab90-6c299ce81cf9',
  listLotMovements: '?lotId=01a1fde2-45ba-7279-ab90-6c299ce81cf9',
  traceRecall: '?lotId=01a1fde2-45ba-7279-ab90-6c299ce81cf9',
  recallPeople: '?recallId=01a1fde2-45ba-7279-ab90-6c299ce81cf9',
  showWeekMenu: '?from=2026-11-23',
  listAuditLines: '?outcome=done', // a denial of the own street may name a thing of another
  listPlanRuns: '?day=2026-11-24',
  listRadiusDecisions: '?day=2026-11-26',
  explainProduction: '?day=2026-11-24&period=lunch&setCode=A&pointId=:pointId',
  reportSubsidy: '?from=2026-11-01&to=2026-11-30&groupBy=point',
  exportSubsidy: '?from=2026-11-01&to=2026-11-30&groupBy=point',
  readJournal: '?month=2026-11',
  exportJournal: '?month=2026-11',
  exportDaySeals: '?month=2026-11',
  listFinanceMeals: '?from=2026-11-01&to=2026-11-30',
  listWalletMovements: '?from=2026-11-01&to=2026-11-30',
  exportWalletMovements: '?from=2026-11-01&to=2026-11-30',
  familyStatement: '?from=2026-11-01&to=2026-11-30',
  reconciliation: '?channel=wechat&day=2026-11-24',
  listCashShifts: '?from=2026-11-01&to=2026-11-30',
  listClaims: '?month=2026-10',
  drillDown: '?month=2026-11',
  reconcileChannels: '?month=2026-11',
  reconciliationDays: '?month=2026-11',
  listGiftMovements: '?from=2026-11-01&to=2026-11-30&what=points',
  listGoals: '?year=2026',
  exportFinanceMeals: '?from=2026-11-01&to=2026-11-30',
};

/** A body that names a thing; `theirs` are the other street's ids, and the own ones again for the control. */
export interface ForeignBody {
  readonly as: Role;
  readonly body: (theirs: Readonly<Record<string, string>>, mine: Readonly<Record<string, string>>) => object;
  /** 404 unless given. */
  readonly status?: number;
}

const proof = { kind: 'senior', reason: 'needs-help', factor: { kind: 'digits', last4: '0000' } } as const;
const day = '2026-12-02';

/** Operations that take the id of a thing in the body. The same body with the own street's thing is the control. */
export const FOREIGN_BODIES: Readonly<Record<string, ForeignBody>> = {
  deskQuote: { as: 'attendant', body: ({ seniorId }, { setMealId }) => ({ seniorId, setMealId, channel: 'eat-in' }) },
  deskSell: {
    as: 'attendant',
    body: ({ seniorId }, { setMealId }) => ({ diner: { ...proof, seniorId }, setMealId, channel: 'eat-in', tender: 'wallet', expectedDueFen: 1_600 }),
  },
  deskTopUp: { as: 'attendant', body: ({ seniorId }) => ({ seniorId, amountFen: 1_000, tender: 'qr' }) },
  payDebt: { as: 'attendant', body: ({ seniorId }) => ({ seniorId, amountFen: 100, tender: 'qr' }) },
  deskRefund: { as: 'attendant', body: ({ mealId }) => ({ mealId, reason: 'dropped' }) },
  decideClash: { as: 'attendant', status: 404, body: ({ seniorId, dishId }) => ({ seniorId, day, period: 'lunch', dishId, substituteId: null }) },
  createIngredient: { as: 'kitchen', status: 422, body: ({ foodId }) => ({ ...ingredientBody, foodId }) },
  analyseRecipe: { as: 'kitchen', status: 422, body: ({ ingredientId }) => ({ portions: 1, cookingYield: 1, ingredients: [{ ingredientId, purchasedG: 100 }] }) },
  placeOrder: { as: 'attendant', body: ({ seniorId }) => ({ seniorId, day, period: 'lunch', setCode: 'A', fulfilment: 'delivery' }) },
  createStandingPlan: {
    as: 'attendant', body: ({ seniorId }) => ({ seniorId, period: 'lunch', weekdays: [1], setCode: 'A', fulfilment: 'delivery', validFrom: day, validTo: null }),
  },
  issueDeviceCode: { as: 'administrator', body: ({ pointId }) => ({ pointId, name: '门口' }) },
  createStaff: {
    as: 'administrator', status: 422,
    body: ({ pointId }) => ({ loginName: 'somebody.new', displayName: '王小明', role: 'attendant', scopeKind: 'point', scopeId: pointId }),
  },
  sealLoad: { as: 'kitchen', body: ({ pointId }, { setMealId }) => ({ pointId, items: [{ setMealId, sent: 10 }] }) },
  createPolicy: { as: 'finance', body: ({ policyId }) => ({ ...policyBody, basedOnId: policyId }) },
};
