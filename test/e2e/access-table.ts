import { ROLES, type Role } from '../../src/contract/access.js';

/** Who may call an operation. Every role that is not named is refused. */
export type Who = 'public' | 'device' | readonly Role[];

const staff = (...roles: Role[]): Who => roles;
const ordering = staff('administrator', 'street', 'dispatcher', 'attendant', 'family');
const kitchenReading = staff('administrator', 'street', 'kitchen', 'dispatcher', 'supervisor', 'auditor');
const orderReading = staff('administrator', 'street', 'dispatcher', 'attendant', 'kitchen', 'supervisor', 'family', 'auditor');

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
  // devices
  listDevices: staff('administrator', 'street', 'attendant', 'auditor'),
  issueDeviceCode: staff('administrator', 'street'),
  revokeDevice: staff('administrator', 'street'),
  enrolDevice: 'public',
  deviceHeartbeat: 'device',
  // kiosk
  kioskMode: 'public',
  demoKioskCode: 'public',
  kioskToday: 'device',
  kioskIdentify: 'device',
  kioskQuote: 'device',
  kioskPay: 'device',
  // desk
  deskToday: staff('attendant'),
  deskQuote: staff('attendant'),
  deskSell: staff('attendant'),
  deskSales: staff('attendant'),
  deskRefund: staff('attendant'),
  deskTopUp: staff('attendant'),
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

/** One line for each operation whose path names a thing. The parameters are filled with the other street's ids. */
export const FOREIGN_TABLE: Readonly<Record<string, Foreign>> = {
  disableStaff: { as: 'administrator', body: { reason } },
  enableStaff: { as: 'administrator', body: { reason } },
  resetPassword: { as: 'administrator', body: { reason } },
  changeScope: { as: 'administrator', body: { reason, role: 'finance', scopeKind: 'street', scopeId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9' } },
  revokeDevice: { as: 'administrator', body: { reason } },
  sendLoad: { as: 'kitchen', body: {} },
  showPointPortions: { as: 'attendant' },
  acceptLoad: { as: 'attendant', body: { items: [{ setMealId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', accepted: 1 }], temperatureC: 70 } },
  recordWaste: { as: 'attendant', body: { setMealId: '01a1fde2-45ba-7279-ab90-6c299ce81cf9', portions: 1, reason: 'dropped' } },
  cancelOrder: { as: 'attendant', body: {} },
  pauseStandingPlan: { as: 'attendant', body: { from: '2026-12-01', to: null } },
  endStandingPlan: { as: 'attendant', body: { from: '2026-12-01' } },
};
