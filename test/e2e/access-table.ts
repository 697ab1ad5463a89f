import { DEFAULT_DELIVERY_SETTINGS } from '../../src/domain/routing/index.js';
import { ROLES, type Role } from '../../src/contract/access.js';
import { demoStreetPolicy } from '../../src/modules/subsidy/index.js';
import { captureOf } from '../fixtures/faces.js';
import { consent } from '../fixtures/people.js';

/** Who may call an operation. Every role that is not named is refused. */
export type Who = 'public' | 'device' | readonly Role[];

const staff = (...roles: Role[]): Who => roles;
const registering = staff('administrator', 'street', 'attendant');
const registerReading = staff('administrator', 'street', 'attendant', 'auditor');
const ordering = staff('administrator', 'street', 'dispatcher', 'attendant', 'family');
const kitchenReading = staff('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor');
const financeReading = staff('administrator', 'street', 'finance', 'contractor', 'auditor');
const moneyReading = staff('administrator', 'street', 'finance', 'auditor', 'attendant');
const policyReading = staff('street', 'finance', 'supervisor', 'auditor');
const exceptionReading = staff('finance', 'street', 'supervisor', 'auditor');
const exceptionWorking = staff('finance', 'street', 'supervisor');
const claimReading = staff('administrator', 'street', 'finance', 'auditor');
const orderReading = staff('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'family', 'auditor');
const closeReading = staff('administrator', 'street', 'finance', 'attendant', 'supervisor', 'auditor');
const paperReading = staff('street', 'finance', 'attendant', 'supervisor', 'auditor');
const contractorReading = staff('contractor', 'street', 'finance', 'auditor');
const routeReading = staff('administrator', 'street', 'dispatcher', 'supervisor', 'auditor');

/** The whole API, one line an operation. A route without a line fails the matrix, and so does a line without a route. */
export const ACCESS_TABLE: Readonly<Record<string, Who>> = {
  // health
  healthLive: 'public',
  healthReady: 'public',
  metrics: 'public',
  // access
  logIn: 'public',
  createFirstAdministrator: 'public',
  getSession: ROLES,
  listMyPoints: ROLES,
  logOut: ROLES,
  changePassword: ROLES,
  listStaff: staff('administrator'),
  listScopeChoices: staff('administrator'),
  createStaff: staff('administrator'),
  disableStaff: staff('administrator'),
  enableStaff: staff('administrator'),
  resetPassword: staff('administrator'),
  changeScope: staff('administrator'),
  // audit
  listAuditLines: staff('administrator', 'auditor'),
  // exceptions
  listExceptions: exceptionReading,
  exportExceptions: exceptionReading,
  listExceptionChoices: exceptionReading,
  summariseExceptions: exceptionReading,
  listExceptionClawBacks: exceptionReading,
  decideExceptionClawBack: staff('finance', 'street'),
  listExceptionScans: exceptionReading,
  askExceptionScan: exceptionWorking,
  readExceptionSettings: exceptionReading,
  changeExceptionSettings: staff('finance', 'street'),
  readException: exceptionReading,
  assignException: exceptionWorking,
  commentException: exceptionWorking,
  closeException: exceptionWorking,
  // devices
  listDevices: staff('administrator', 'street', 'attendant', 'auditor'),
  issueDeviceCode: staff('administrator', 'street'),
  revokeDevice: staff('administrator', 'street'),
  enrolDevice: 'public',
  deviceHeartbeat: 'device',
  demoFace: 'device',
  // seniors
  listSeniors: registerReading,
  exportSeniors: registering,
  seniorPlaces: registerReading,
  createSenior: registering,
  readSenior: registerReading,
  editSenior: registering,
  changeSeniorStatus: staff('administrator', 'street'),
  revealIdNumber: registering,
  seniorWallet: registerReading,
  seniorHistory: registerReading,
  addSeniorCategory: staff('administrator', 'street'),
  endSeniorCategory: staff('administrator', 'street'),
  addSeniorContact: registering,
  removeSeniorContact: registering,
  issueSeniorCard: registering,
  blockSeniorCard: registering,
  setSeniorDiets: registering,
  giveConsent: staff('street', 'attendant'),
  withdrawConsent: staff('street', 'attendant'),
  readFaceState: registerReading,
  enrolFace: staff('street', 'attendant'),
  listSpecialSeniors: registerReading,
  applySpecialSenior: staff('street', 'attendant'),
  checkSpecialSenior: staff('street'),
  approveSpecialSenior: staff('street'),
  refuseSpecialSenior: staff('street'),
  // journal
  readJournal: staff('finance', 'administrator', 'auditor'),
  exportJournal: staff('finance', 'administrator', 'auditor'),
  exportDaySeals: staff('finance', 'administrator', 'auditor'),
  downloadChecker: staff('finance', 'administrator', 'auditor'),
  askLedgerCheck: staff('finance', 'administrator', 'auditor'),
  // operators
  listOperators: staff('administrator', 'street', 'finance', 'auditor'),
  readOperator: staff('administrator', 'street', 'finance', 'auditor'),
  createOperator: staff('street'),
  addOperatorPaper: staff('street', 'finance'),
  decideOperatorPaper: staff('street', 'finance'),
  setPointKind: staff('street'),
  // life events
  listLifeEvents: staff('administrator', 'street', 'auditor'),
  previewLifeEvent: staff('street'),
  recordLifeEvent: staff('street'),
  askUndoLifeEvent: staff('street'),
  decideUndoLifeEvent: staff('street'),
  lifeEventLetter: staff('street', 'finance'),
  namePayee: staff('street'),
  mealsAfterLifeEvent: staff('administrator', 'street', 'finance', 'auditor'),
  listClawBacks: staff('administrator', 'street', 'finance', 'auditor'),
  proposeClawBack: staff('street', 'finance'),
  decideClawBack: staff('street', 'finance'),
  listUnseenSeniors: staff('administrator', 'street', 'auditor'),
  recordSeen: staff('street', 'attendant'),
  listDeliveryOffers: staff('administrator', 'street', 'auditor'),
  decideDeliveryOffer: staff('street'),
  listImports: staff('administrator', 'street', 'auditor'),
  uploadList: staff('street'),
  readImport: staff('administrator', 'street', 'auditor'),
  importResult: staff('street', 'auditor'),
  matchImportLine: staff('street'),
  confirmImport: staff('street'),
  discardImport: staff('street'),
  listPersonDuplicates: staff('administrator', 'street', 'auditor'),
  mergeSenior: staff('street'),
  // kiosk
  kioskGallery: 'device',
  kioskGalleryReceipt: 'device',
  kioskRoaming: 'device',
  kioskHelp: 'device',
  kioskMode: 'public',
  demoKioskCode: 'public',
  kioskToday: 'device',
  kioskIdentify: 'device',
  kioskQuote: 'device',
  kioskPay: 'device',
  kioskPaymentOutcome: 'device',
  // desk
  deskToday: staff('attendant'),
  deskQuote: staff('attendant'),
  deskSell: staff('attendant'),
  deskSales: staff('attendant'),
  deskRefund: staff('attendant'),
  deskTopUp: staff('attendant'),
  // wallets
  payDebt: staff('attendant'),
  listDebts: moneyReading,
  deskCashShift: staff('attendant'),
  openCashShift: staff('attendant'),
  countCashShift: staff('attendant'),
  listCashShifts: moneyReading,
  cashShiftSlip: moneyReading,
  confirmCashShift: staff('finance', 'street', 'attendant'),
  // ordering
  listOrders: orderReading,
  placeOrder: ordering,
  cancelOrder: ordering,
  listStandingPlans: orderReading,
  createStandingPlan: ordering,
  pauseStandingPlan: ordering,
  endStandingPlan: ordering,
  // kitchen
  showProduction: kitchenReading,
  explainProduction: kitchenReading,
  showKitchenBoard: kitchenReading,
  listLoads: kitchenReading,
  sealLoad: staff('kitchen'),
  sendLoad: staff('kitchen', 'dispatcher'),
  showPointPortions: staff('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'auditor'),
  acceptLoad: staff('attendant'),
  recordWaste: staff('attendant'),
  // menu
  showWeekMenu: staff('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'family', 'auditor'),
  listDishes: staff('administrator', 'street', 'kitchen', 'supervisor', 'auditor'),
  createDish: staff('kitchen'),
  putSetMeal: staff('kitchen'),
  // family
  familyToday: staff('family'),
  // finance
  reportSubsidy: financeReading,
  exportSubsidy: financeReading,
  listFinanceChoices: financeReading,
  listFinanceMeals: financeReading,
  exportFinanceMeals: financeReading,
  proveMeal: financeReading,
  // policies
  listPolicies: policyReading,
  createPolicy: staff('street', 'finance'),
  checkPolicy: policyReading,
  importPolicy: staff('street', 'finance'),
  readPolicy: policyReading,
  savePolicy: staff('street', 'finance'),
  deletePolicy: staff('street', 'finance'),
  proposePolicy: staff('street', 'finance'),
  returnPolicy: staff('street', 'finance'),
  publishPolicy: staff('street', 'finance'),
  rehearsePolicy: staff('street', 'finance'),
  replayMonth: policyReading,
  listReplays: policyReading,
  readPolicyRun: policyReading,
  readRehearsedPerson: policyReading,
  // month claims
  listClaims: claimReading,
  draftClaim: staff('finance'),
  readClaim: claimReading,
  exportClaim: claimReading,
  checkClaim: staff('finance', 'street'),
  signClaim: staff('finance', 'street'),
  returnClaim: staff('finance', 'street'),
  payClaim: staff('finance'),
  drillDown: financeReading,
  reconcileChannels: claimReading,
  walletMovements: claimReading,
  listGoals: financeReading,
  setGoal: staff('finance', 'street'),
  // closing
  showDayClose: closeReading,
  listDayCloseMeals: closeReading,
  signDay: staff('attendant'),
  countersignDay: staff('street', 'finance', 'supervisor'),
  sendBackDay: staff('street', 'finance', 'supervisor'),
  listDayCloses: staff('administrator', 'street', 'finance', 'attendant', 'supervisor', 'contractor', 'auditor'),
  listLateLines: closeReading,
  bookLateLines: staff('street', 'finance'),
  closingSettings: staff('administrator', 'street', 'finance', 'supervisor', 'auditor'),
  setClosingSettings: staff('administrator', 'street'),
  listPortionTransfers: staff('administrator', 'street', 'kitchen', 'attendant', 'dispatcher', 'supervisor', 'auditor'),
  sendPortions: staff('attendant'),
  acceptPortions: staff('attendant'),
  takeBackPortions: staff('attendant'),
  givePortions: staff('attendant'),
  listPaperLists: paperReading,
  makePaperList: staff('attendant'),
  showPaperList: paperReading,
  enterPaperList: staff('attendant'),
  decidePaperLine: staff('street', 'finance', 'supervisor'),
  checkPaperLine: staff('street', 'finance', 'supervisor'),
  listContractorStops: contractorReading,
  listObjections: contractorReading,
  raiseObjection: staff('contractor'),
  answerObjection: staff('street', 'finance'),
  listContractorRates: contractorReading,
  setContractorRate: staff('street', 'finance'),
  previewContractorBill: staff('contractor', 'street', 'finance'),
  importContractorBill: staff('contractor', 'street', 'finance'),
  listContractorBills: contractorReading,
  showContractorBill: contractorReading,
  decideContractorBill: staff('street', 'finance'),
  listAdvances: contractorReading,
  requestAdvance: staff('contractor', 'street'),
  decideAdvance: staff('street', 'finance'),
  // delivery
  crewToday: staff('crew', 'volunteer'),
  leaveTrip: staff('crew', 'volunteer'),
  closeTrip: staff('crew', 'volunteer'),
  recordStopResult: staff('crew', 'volunteer'),
  listUnpostedStops: staff('street', 'finance', 'administrator', 'auditor'),
  postUnpostedStop: staff('street', 'finance'),
  askStopFree: staff('street', 'finance'),
  agreeStopFree: staff('street', 'finance'),
  routeSheets: staff('administrator', 'dispatcher'),
  // dispatch
  dispatchBoard: staff('administrator', 'street', 'dispatcher', 'supervisor', 'kitchen', 'attendant', 'contractor', 'auditor'),
  requestRoutePlan: staff('administrator', 'dispatcher'),
  listPlanRuns: routeReading,
  planRun: routeReading,
  routePlan: routeReading,
  listRadiusDecisions: routeReading,
  decideRadius: staff('administrator', 'dispatcher'),
  deliverySettings: routeReading,
  setDeliverySettings: staff('administrator', 'street'),
  // notices
  listNotices: staff('administrator', 'street', 'dispatcher', 'supervisor', 'attendant', 'auditor'),
};

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
  decideExceptionClawBack: { as: 'finance', body: { decision: 'refused', note: reason } },
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
  showPointPortions: { as: 'attendant' },
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
  decideAdvance: { as: 'finance', body: { approve: true } },
  readSenior: { as: 'attendant' },
  editSenior: { as: 'attendant', body: { phone: '13800001111' } },
  changeSeniorStatus: { as: 'street', body: { status: 'suspended', from: '2026-11-24', reason } },
  revealIdNumber: { as: 'attendant', body: { reason } },
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
  listCashShifts: '?from=2026-11-01&to=2026-11-30',
  listClaims: '?month=2026-10',
  drillDown: '?month=2026-11',
  reconcileChannels: '?month=2026-11',
  walletMovements: '?month=2026-11',
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
