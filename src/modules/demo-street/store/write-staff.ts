import { InvariantError } from '../../../domain/kernel/domain-error.js';
import type { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import { DEMO_CREWS, DEMO_STAFF, type DemoScope } from '../staff-roster.js';
import type { DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';

/** Who checked and decided on applications: a community officer and a street officer. */
export interface DemoDecisionMakers {
  readonly attendant: string;
  community: string;
  street: string;
  readonly finance: string;
}

export interface DemoCrewIds {
  /** Crew ids in the order of DEMO_CREWS. */
  crews: string[];
}

/** Shift of every crew, minutes of the day: deliveries leave before the rush and are back after lunch. */
const SHIFT = { shift_start_min: 570, shift_end_min: 810 } as const;

export function writeCrews(writer: BulkWriter, mint: IdMint, street: DemoStreet): DemoCrewIds {
  const crews = DEMO_CREWS.map((crew) => {
    const id = mint.next<string>();
    const depot = crew.pointIndex === null ? street.kitchen.id : street.points[crew.pointIndex]?.id ?? '';
    writer.add('crew', {
      id, name: crew.name, kind: crew.kind, operator_id: crew.operatorIndex === null ? null : street.operators[crew.operatorIndex]?.id ?? '',
      depot_kind: crew.pointIndex === null ? 'kitchen' : 'point', depot_id: depot, vehicle: crew.vehicle, capacity_boxes: crew.capacityBoxes,
      ...SHIFT, active: 1,
    });
    return id;
  });
  return { crews };
}

/** @param passwordHash argon2id of the one demo password, computed once */
export function writeStaff(
  writer: BulkWriter, mint: IdMint, street: DemoStreet, people: readonly DemoSenior[], crews: DemoCrewIds, passwordHash: string, now: Date,
): DemoDecisionMakers {
  const ids = new Map<string, string>();
  for (const staff of DEMO_STAFF) {
    const id = mint.next<string>();
    ids.set(staff.loginName, id);
    writer.add('staff', {
      id, login_name: staff.loginName, display_name: staff.displayName, password_hash: passwordHash, role: staff.role,
      scope_kind: staff.scope.kind, scope_id: scopeId(staff.scope, street, people, crews), active: 1, is_demo: 1, must_change_password: 0,
      created_at: now,
    });
  }
  const idOf = (loginName: string): string => {
    const id = ids.get(loginName);
    if (id === undefined) throw new InvariantError(`no demo login ${loginName}`);
    return id;
  };
  return { attendant: idOf('attendant'), community: idOf('community'), street: idOf('street'), finance: idOf('finance') };
}

function scopeId(scope: DemoScope, street: DemoStreet, people: readonly DemoSenior[], crews: DemoCrewIds): string {
  const found = {
    street: () => street.streetId,
    kitchen: () => street.kitchen.id,
    community: (index: number) => street.communities[index]?.id,
    point: (index: number) => street.points[index]?.id,
    operator: (index: number) => street.operators[index]?.id,
    crew: (index: number) => crews.crews[index],
    senior: (index: number) => people[index]?.id,
  }[scope.kind]('index' in scope ? scope.index : 0);
  return found ?? street.streetId;
}
