import { DEFAULT_OFFLINE_LIMITS } from '../../../domain/offline/index.js';
import { addDays, businessDayOf } from '../../../domain/kernel/business-day.js';
import type { DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';

/** In demo mode the kiosk sells at any hour, so that a visitor at night can try it; orders close at 16:00 the day before. */
const DEMO_SERVICE = { period: 'lunch', start_min: 0, end_min: 1440, cutoff_day_offset: -1, cutoff_min: 960 } as const;

/** Street, communities, operators, kitchen, points with their service hours, roads. */
export function writeStreet(writer: BulkWriter, street: DemoStreet, roadsId: string, now: Date): void {
  writer.add('street', { id: street.streetId, name: street.streetName, jurisdiction_code: street.areaCode, is_demo: 1 });
  // Yesterday still waits for its signatures, so that a visitor can close a day; what lies before is before.
  writer.add('closing_setting', {
    street_id: street.streetId, closing_from: addDays(businessDayOf(now), -1), settings: '{}', changed_by: null, changed_at: now,
  });
  for (const { id, name } of street.communities) writer.add('community', { id, street_id: street.streetId, name });
  for (const operator of street.operators) {
    writer.add('operator', {
      id: operator.id, name: operator.name, kind: operator.kind, contract_no: operator.contractNo, contract_from: operator.contractFrom,
      contract_to: operator.contractTo, licence_no: operator.licenceNo, licence_valid_to: operator.licenceValidTo,
      bank_account_name: operator.name, street_id: street.streetId,
    });
  }
  const { kitchen } = street;
  writer.add('kitchen', { id: kitchen.id, street_id: street.streetId, name: kitchen.name, latitude: kitchen.latitude, longitude: kitchen.longitude });
  for (const point of street.points) {
    writer.add('point', {
      id: point.id, community_id: street.communities[point.communityIndex]?.id ?? '', operator_id: street.operators[point.operatorIndex]?.id ?? '',
      kitchen_id: kitchen.id, code: point.code, name: point.name, kind: point.kind, open_to_public: point.openToPublic ? 1 : 0,
      latitude: point.latitude, longitude: point.longitude, phone: point.phone,
    });
  }
  for (const point of street.points) writer.add('meal_service', { point_id: point.id, ...DEMO_SERVICE });
  const withoutNetwork = JSON.stringify({ ...DEFAULT_OFFLINE_LIMITS, enabled: true });
  for (const point of street.points) writer.add('offline_setting', { point_id: point.id, settings: withoutNetwork, signed_by: null, signed_at: now });
  writer.add('road_graph', {
    id: roadsId, street_id: street.streetId, source: '演示路网（生成）', graph: JSON.stringify(street.roads), created_at: now,
  });
}
