import type { Role, ScopeKind } from '../../contract/access.js';

/** Stated openly: it opens invented data only, and production refuses demo logins. */
export const DEMO_PASSWORD = 'rehufan-demo-2026';

/** What a demo login is limited to; resolved to an id when the street exists. */
export type DemoScope =
  | { kind: 'street' } | { kind: 'kitchen' } | { kind: 'community'; index: number } | { kind: 'point'; index: number }
  | { kind: 'operator'; index: number } | { kind: 'crew'; index: number } | { kind: 'senior'; index: number };

export interface DemoStaff {
  loginName: string;
  displayName: string;
  role: Role;
  scope: DemoScope & { kind: ScopeKind };
}

/** One login per role first, then the members of the three teams: order service, meal supervision, delivery. */
export const DEMO_STAFF: readonly DemoStaff[] = [
  { loginName: 'admin', displayName: '管理员（演示）', role: 'administrator', scope: { kind: 'street' } },
  { loginName: 'street', displayName: '街道助餐专员（演示）', role: 'street', scope: { kind: 'street' } },
  { loginName: 'finance', displayName: '街道财务（演示）', role: 'finance', scope: { kind: 'street' } },
  { loginName: 'kitchen', displayName: '厨房计划员（演示）', role: 'kitchen', scope: { kind: 'kitchen' } },
  { loginName: 'attendant', displayName: '助餐点服务员（演示）', role: 'attendant', scope: { kind: 'point', index: 0 } },
  { loginName: 'dispatcher', displayName: '配送调度员（演示）', role: 'dispatcher', scope: { kind: 'street' } },
  { loginName: 'crew', displayName: '助老配送队 一组（演示）', role: 'crew', scope: { kind: 'crew', index: 0 } },
  { loginName: 'contractor', displayName: '捷安配送负责人（演示）', role: 'contractor', scope: { kind: 'operator', index: 3 } },
  { loginName: 'supervisor', displayName: '膳食监督员（演示）', role: 'supervisor', scope: { kind: 'street' } },
  { loginName: 'volunteer', displayName: '志愿者（演示）', role: 'volunteer', scope: { kind: 'point', index: 0 } },
  { loginName: 'family', displayName: '家属（演示）', role: 'family', scope: { kind: 'senior', index: 0 } },
  { loginName: 'auditor', displayName: '审计员（演示）', role: 'auditor', scope: { kind: 'street' } },
  { loginName: 'community', displayName: '柳岸社区干事（演示）', role: 'street', scope: { kind: 'community', index: 0 } },
  { loginName: 'leader', displayName: '街道负责人（演示）', role: 'street', scope: { kind: 'street' } },
  { loginName: 'cashier', displayName: '街道出纳（演示）', role: 'finance', scope: { kind: 'street' } },
  ...Array.from({ length: 13 }, (_, index): DemoStaff => ({
    loginName: `order-${String(index + 2).padStart(2, '0')}`, displayName: `秩序服务队 ${index + 2} 号点（演示）`,
    role: 'attendant', scope: { kind: 'point', index: index + 1 },
  })),
  ...['甲', '乙', '丙'].map((name, index): DemoStaff => ({
    loginName: `meals-${index + 1}`, displayName: `膳食监督队 ${name}组（演示）`, role: 'supervisor', scope: { kind: 'kitchen' },
  })),
  ...Array.from({ length: 17 }, (_, index): DemoStaff => ({
    loginName: `crew-${String(index + 2).padStart(2, '0')}`, displayName: `配送 ${index + 2} 组（演示）`, role: 'crew', scope: { kind: 'crew', index: index + 1 },
  })),
];

/** A delivery crew: own team, contracted caterer, or volunteers. */
export interface DemoCrew {
  name: string;
  kind: 'own' | 'contractor' | 'volunteer';
  /** Index of the operator that employs it; null for the street's own and for volunteers. */
  operatorIndex: number | null;
  /** Index of the point it starts from; null: the kitchen. */
  pointIndex: number | null;
  vehicle: 'foot' | 'tricycle' | 'car';
  capacityBoxes: number;
}

/** Each point has one crew (contractor at every second, own at the others, two by volunteers); the kitchen has a van and two spare crews. */
export const DEMO_CREWS: readonly DemoCrew[] = [
  ...Array.from({ length: 14 }, (_, index): DemoCrew => {
    const kind = index === 6 || index === 12 ? 'volunteer' : index % 2 === 0 ? 'own' : 'contractor';
    return {
      name: kind === 'own' ? `助老配送队 ${index + 1} 组` : kind === 'contractor' ? `捷安配送 ${index + 1} 组` : `红马甲志愿队 ${index + 1} 组`,
      kind, operatorIndex: kind === 'contractor' ? 3 : null, pointIndex: index,
      vehicle: 'tricycle', capacityBoxes: kind === 'volunteer' ? 8 : 20,
    };
  }),
  { name: '捷安配送 厨房班', kind: 'contractor', operatorIndex: 3, pointIndex: null, vehicle: 'tricycle', capacityBoxes: 40 },
  { name: '厨房餐车', kind: 'own', operatorIndex: null, pointIndex: null, vehicle: 'car', capacityBoxes: 60 },
  { name: '助老配送队 机动组', kind: 'own', operatorIndex: null, pointIndex: null, vehicle: 'tricycle', capacityBoxes: 20 },
  { name: '捷安配送 滩头班', kind: 'contractor', operatorIndex: 3, pointIndex: 13, vehicle: 'tricycle', capacityBoxes: 20 },
];
