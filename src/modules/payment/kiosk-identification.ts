import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KioskClaim } from '../../contract/kiosk.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { PersonCode } from '../../domain/kernel/ids.js';
import type { DeviceIdentity } from '../../infra/http/request-context.js';
import { RecognitionSettings, RoamingTickets } from '../faces/index.js';
import { SeniorDirectory, SeniorPins, type Diner } from '../seniors/index.js';
import { PinTickets } from './pin-tickets.js';
import { SeniorPinBrake } from './senior-pin-brake.js';
import type { IdentifiedDiner } from './sell-meal.js';

/** Whoever collects for another takes the meal away. */
export const channelOf = (claim: KioskClaim): 'eat-in' | 'take-away' => (claim.kind === 'collector' ? 'take-away' : 'eat-in');

/** Frames that a face claim must rest on; one frame may be the one shaded photo that errs (faces.md). */
const LEAST_FRAMES = 2;

/**
 * Turns what a kiosk claims into a person, or refuses. The device has decided in its own gallery; the server checks
 * what it can: that a consent stands, that the claim is fit for its risk, that digits and cards belong to the person.
 */
@Injectable()
export class KioskIdentification {
  constructor(
    private readonly seniors: SeniorDirectory,
    private readonly tickets: RoamingTickets,
    private readonly recognition: RecognitionSettings,
    private readonly pins: SeniorPins,
    private readonly pinTickets: PinTickets,
    private readonly pinBrake: SeniorPinBrake,
  ) {}

  /**
   * @throws DomainError PAYMENT.SENIOR_UNKNOWN, PAYMENT.SENIOR_SUSPENDED, PAYMENT.CONSENT_MISSING, PAYMENT.IDENTITY_DOUBT, PAYMENT.PIN_NEEDED
   */
  async identify(tx: EntityManager, device: DeviceIdentity, claim: KioskClaim): Promise<IdentifiedDiner> {
    const identified = await this.byKind(tx, device, claim);
    if (identified.diner?.status !== 'active') throw new DomainError('PAYMENT.SENIOR_SUSPENDED', 'refused');
    return identified;
  }

  private async byKind(tx: EntityManager, device: DeviceIdentity, claim: KioskClaim): Promise<IdentifiedDiner> {
    switch (claim.kind) {
      case 'face': return this.byFace(tx, device, claim);
      case 'digits': return this.byDigits(tx, device, claim);
      case 'card': return { diner: await this.seniors.byCard(claim.cardNo, tx), identifiedBy: 'card', identification: {} };
      case 'roaming': return this.byTicket(tx, device, claim);
      case 'collector': return this.byCollector(tx, device, claim);
      case 'pin': return this.byPin(tx, device, claim);
    }
  }

  private async byFace(tx: EntityManager, device: DeviceIdentity, claim: Extract<KioskClaim, { kind: 'face' }>): Promise<IdentifiedDiner> {
    const diner = await this.seniors.byPersonCode(claim.personCode as PersonCode, tx);
    await this.requireConsent(tx, diner, device);
    // Near the threshold a look-alike cannot be told apart; only a second factor helps, never the face alone.
    const { maxRiskPpm } = await this.recognition.current();
    if (claim.band !== 'clear' || claim.frames < LEAST_FRAMES || claim.riskPpm > maxRiskPpm) throw new DomainError('PAYMENT.IDENTITY_DOUBT', 'refused');
    return { diner, identifiedBy: 'face', identification: { frames: claim.frames, riskPpm: claim.riskPpm } };
  }

  private async byDigits(tx: EntityManager, device: DeviceIdentity, claim: Extract<KioskClaim, { kind: 'digits' }>): Promise<IdentifiedDiner> {
    const candidates = await this.seniors.byLast4(device.pointId, claim.last4, tx);
    const diner = candidates.find((candidate) => candidate.personCode === claim.personCode);
    if (diner === undefined) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'refused');
    if (claim.faceAgrees) await this.requireConsent(tx, diner, device);
    else if ((await this.pins.holders(tx, [diner.seniorId])).size > 0) throw new DomainError('PAYMENT.PIN_NEEDED', 'refused');
    return { diner, identifiedBy: claim.faceAgrees ? 'face-digits' : 'digits', identification: { candidates: candidates.length } };
  }

  /** The person with these digits, where the secret is theirs. @throws DomainError PAYMENT.PIN_WAIT */
  async withPin(tx: EntityManager, device: DeviceIdentity, asked: { last4: string; personCode: string; pin: string }): Promise<Diner[]> {
    const diner = (await this.seniors.byLast4(device.pointId, asked.last4, tx)).find(({ personCode }) => personCode === asked.personCode);
    return diner !== undefined && await this.pinBrake.matches(tx, device, diner, asked.pin) ? [diner] : [];
  }

  /**
   * The person of another point whom a roaming ticket names, with a ticket that a picture alone does not get, where the secret is theirs.
   * @throws DomainError PAYMENT.IDENTITY_DOUBT for a ticket that is forged, late, or of another device or person, PAYMENT.PIN_WAIT
   */
  async withRoamingPin(tx: EntityManager, device: DeviceIdentity, asked: { personCode: string; ticket: string; pin: string }): Promise<{ diner: Diner; ticket: string }[]> {
    const { riskPpm } = this.tickets.require(asked.ticket, device.deviceId, asked.personCode);
    const diner = await this.seniors.byPersonCode(asked.personCode as PersonCode, tx);
    if (!await this.pinBrake.matches(tx, device, diner, asked.pin)) return [];
    return [{ diner, ticket: this.tickets.issue(device.deviceId, asked.personCode, riskPpm, 'pin') }];
  }

  private async byPin(tx: EntityManager, device: DeviceIdentity, claim: Extract<KioskClaim, { kind: 'pin' }>): Promise<IdentifiedDiner> {
    this.pinTickets.require(claim.ticket, device.deviceId, claim.personCode);
    return { diner: await this.seniors.byPersonCode(claim.personCode as PersonCode, tx), identifiedBy: 'pin', identification: {} };
  }

  /** Whose meals somebody may collect: people of this point with these digits who have named a collector with those. */
  async collectable(tx: EntityManager, device: DeviceIdentity, digits: { last4: string; collectorLast4: string }): Promise<{ diner: Diner; collectorId: string }[]> {
    const found = await Promise.all((await this.seniors.byLast4(device.pointId, digits.last4, tx)).map(async (diner) => {
      const collectorId = await this.seniors.collectorOf(diner.seniorId, digits.collectorLast4, tx);
      return collectorId === null ? [] : [{ diner, collectorId }];
    }));
    return found.flat();
  }

  private async byCollector(tx: EntityManager, device: DeviceIdentity, claim: Extract<KioskClaim, { kind: 'collector' }>): Promise<IdentifiedDiner> {
    const one = (await this.collectable(tx, device, claim)).find(({ diner }) => diner.personCode === claim.personCode);
    if (one === undefined) throw new DomainError('PAYMENT.SENIOR_UNKNOWN', 'refused');
    return { diner: one.diner, identifiedBy: 'digits', identification: { collectorId: one.collectorId } };
  }

  private async byTicket(tx: EntityManager, device: DeviceIdentity, claim: Extract<KioskClaim, { kind: 'roaming' }>): Promise<IdentifiedDiner> {
    const { riskPpm, proof } = this.tickets.require(claim.ticket, device.deviceId, claim.personCode);
    const diner = await this.seniors.byPersonCode(claim.personCode as PersonCode, tx);
    if (!await this.seniors.hasConsent(diner.seniorId, 'face-roaming', null, tx)) throw new DomainError('PAYMENT.CONSENT_MISSING', 'refused');
    if (proof === 'none' && (await this.pins.holders(tx, [diner.seniorId])).size > 0) throw new DomainError('PAYMENT.PIN_NEEDED', 'refused');
    return { diner, identifiedBy: 'roaming', identification: { verified: '1:1', riskPpm, proof } };
  }

  private async requireConsent(tx: EntityManager, diner: Diner, device: DeviceIdentity): Promise<void> {
    if (!await this.seniors.hasConsent(diner.seniorId, 'face-point', device.pointId, tx)) {
      throw new DomainError('PAYMENT.CONSENT_MISSING', 'refused');
    }
  }
}
