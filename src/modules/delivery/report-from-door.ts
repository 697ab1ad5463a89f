import { Injectable } from '@nestjs/common';
import type { CrewLadderRequest, LadderAnswer, RaiseAlarmRequest, WelfareRequest } from '../../contract/care.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { CareAlerts, DoorCare } from '../care/index.js';
import { DepotDirectory } from '../sites/index.js';
import { crewOf, CrewTrips, type OwnStop } from './crew-trips.js';

/** What a crew reports of people rather than of meals. */
@Injectable()
export class ReportFromDoor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly trips: CrewTrips,
    private readonly care: DoorCare,
    private readonly alerts: CareAlerts,
    private readonly depots: DepotDirectory,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND for a door of another crew, or one without a ladder */
  async ladder(stopId: string, request: CrewLadderRequest, staff: StaffIdentity): Promise<LadderAnswer> {
    return this.unitOfWork.run(async (tx) => this.care.crewDid(tx, doorOf(await this.trips.stop(tx, stopId, staff), staff), request, staff.staffId));
  }

  /** @throws DomainError REQUEST.NOT_FOUND for a door of another crew */
  async welfare(stopId: string, request: WelfareRequest, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const stop = await this.trips.stop(tx, stopId, staff);
      const { streetId } = await this.depots.depot('point', stop.pointId, tx);
      await this.care.noted(tx, doorOf(stop, staff), request, streetId, staff.staffId);
    });
  }

  /** Never refused: a stop that is not the crew's leaves the alarm without a name, not without help. */
  async alarm(request: RaiseAlarmRequest, staff: StaffIdentity): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const crewId = crewOf(staff);
      const [stop] = request.stopId === null ? [] : await tx.query<{ seniorId: string; pointId: string }[]>(
        `SELECT s.senior_id AS seniorId, o.point_id AS pointId FROM route_stop s JOIN route_trip t ON t.id = s.route_trip_id JOIN meal_order o ON o.id = s.meal_order_id
         WHERE s.id = ? AND (t.crew_id = ? OR EXISTS (SELECT 1 FROM former_stop f WHERE f.route_stop_id = s.id AND f.crew_id = ?))`, [request.stopId, crewId, crewId],
      );
      const [crew] = await tx.query<{ depotKind: 'point' | 'kitchen'; depotId: string }[]>('SELECT depot_kind AS depotKind, depot_id AS depotId FROM crew WHERE id = ?', [crewId]);
      // A volunteer may belong to a point instead of a crew.
      const from = crew ?? { depotKind: 'point' as const, depotId: staff.scopeId };
      const { streetId } = await this.depots.depot(from.depotKind, from.depotId, tx);
      await this.alerts.raise(tx, {
        id: request.id, kind: 'alarm', routeStopId: stop === undefined ? null : request.stopId, seniorId: stop?.seniorId ?? null,
        pointId: stop?.pointId ?? (from.depotKind === 'point' ? from.depotId : null), streetId, crewId: crew === undefined ? null : crewId, signs: [], latitude: request.latitude, longitude: request.longitude,
        deviceAt: new Date(request.deviceAt), staffId: staff.staffId,
      });
    });
  }
}

function doorOf(stop: OwnStop, staff: StaffIdentity): Parameters<DoorCare['noAnswer']>[1] {
  return { stopId: stop.stopId, seniorId: stop.seniorId, pointId: stop.pointId, crewId: crewOf(staff), day: stop.day, period: stop.period };
}
