import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { GateAnswer, GateRequest } from '../../contract/seats.js';
import { ageOn } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PersonCode } from '../../domain/kernel/ids.js';
import { decideGate, freeSeats } from '../../domain/seating/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { SeniorDirectory, type Diner } from '../seniors/index.js';
import { SeatZones } from './seat-zones.js';

/** Lets a senior into the reserved zone by face or card. Looks at the age alone: wallet, debt and meal play no part. */
@Injectable()
export class EnterGate {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly zones: SeatZones, private readonly seniors: SeniorDirectory, private readonly clock: Clock) {}

  /** Two gates of a point wait for one another, so that the last seat is given once. */
  execute(device: DeviceIdentity, request: GateRequest): Promise<GateAnswer> {
    return this.unitOfWork.run(async (tx): Promise<GateAnswer> => {
      if (await this.zones.zoneOf(tx, device.pointId) === null) return { decision: 'no-zone', freeSeats: 0 };
      const person = await this.personOf(tx, device, request);
      const zone = await this.zones.held(tx, device.pointId);
      const taken = await this.zones.taken(tx, device.pointId);
      if (person === null) return { decision: 'unknown', freeSeats: freeSeats(zone, taken) };
      const seatedAlready = await this.zones.isSeated(tx, device.pointId, person.seniorId);
      const decision = decideGate(zone, taken, { ageYears: ageOn(person.birthDate, this.clock.today()), seatedAlready });
      const sits = decision === 'open' && !seatedAlready;
      if (sits) await this.zones.seat(tx, device.pointId, zone, person.seniorId);
      return { decision, freeSeats: freeSeats(zone, taken + (sits ? 1 : 0)) };
    });
  }

  /** A face needs the consent for this very gate, apart from that for paying; whoever is not active is nobody here. */
  private async personOf(tx: EntityManager, device: DeviceIdentity, request: GateRequest): Promise<Diner | null> {
    try {
      const person = request.kind === 'card' ? await this.seniors.byCard(request.cardNo, tx) : await this.seniors.byPersonCode(request.personCode as PersonCode, tx);
      const agreed = request.kind === 'card' || await this.seniors.hasConsent(person.seniorId, 'face-gate', device.pointId, tx);
      return agreed && person.status === 'active' ? person : null;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'PAYMENT.SENIOR_UNKNOWN') return null;
      throw error;
    }
  }
}
