import { pinyin } from 'pinyin-pro';
import { identityHashes } from '../../../infra/crypto/identity-hashes.js';
import type { Keyring } from '../../../infra/crypto/keyring.js';
import { lastFour } from '../../../domain/persons/index.js';
import { addDays, type BusinessDay, instantOf } from '../../../domain/kernel/business-day.js';
import type { IdMint } from '../id-mint.js';
import type { DemoSenior } from '../people/demo-senior.js';
import { plannedSet } from '../days/lunch-crowd.js';
import type { DemoStreet } from '../street/places.js';
import type { BulkWriter } from './bulk-writer.js';
import type { DemoDecisionMakers } from './write-staff.js';

/** One senior with everything on the file; personal data is sealed and hashed exactly as the register does it. */
export function writeSenior(
  writer: BulkWriter, keyring: Keyring, street: DemoStreet, senior: DemoSenior, deciders: DemoDecisionMakers, today: BusinessDay,
): void {
  const point = street.points[senior.pointIndex];
  if (point === undefined) return;
  const since = instantOf(addDays(today, -90), 540);
  writer.add('senior', {
    id: senior.id, person_code: senior.personCode, street_id: street.streetId,
    community_id: street.communities[senior.communityIndex]?.id ?? '', point_id: point.id,
    name: senior.name, name_initials: initialsOf(senior.name), sex: senior.sex, birth_date: senior.birthDate,
    id_number_cipher: keyring.seal('identity', senior.idNumber), id_number_hash: identityHashes.idNumber(keyring, senior.idNumber),
    phone_cipher: keyring.seal('identity', senior.phone), phone_hash: identityHashes.phone(keyring, senior.phone),
    phone_last4_hash: identityHashes.last4(keyring, point.id, lastFour(senior.phone)),
    address_cipher: keyring.seal('identity', senior.address),
    latitude: senior.latitude, longitude: senior.longitude, floor: senior.floor, has_lift: senior.hasLift ? 1 : 0,
    door_note: senior.doorNote, household_id: senior.householdId, hukou_area: senior.hukouArea,
    status: senior.status, status_from: senior.statusFrom, is_demo: 1, created_at: since,
  });
  for (const category of senior.categories) {
    // Three people, as the product asks of real applications; other categories are recorded by the street alone.
    const special = category.code === 'special-senior';
    const checked = special && category.status !== 'applied';
    const decided = category.status === 'approved' || category.status === 'refused';
    writer.add('senior_category', {
      id: category.id, senior_id: senior.id, code: category.code, status: category.status, source: category.source,
      evidence: category.evidence, valid_from: category.validFrom, valid_to: category.validTo,
      applied_by: special ? deciders.attendant : null, community_checked_by: checked ? deciders.community : null,
      street_decided_by: decided ? deciders.street : null, decided_at: decided ? instantOf(category.validFrom, 540) : null,
      refusal_reason: category.refusalReason, created_at: since,
    });
  }
  for (const { id, kind, relation, name, phone } of senior.contacts) {
    writer.add('senior_contact', {
      id, senior_id: senior.id, kind, relation, name_cipher: keyring.seal('identity', name), phone_cipher: keyring.seal('identity', phone),
    });
  }
  for (const code of senior.diets) writer.add('senior_diet', { senior_id: senior.id, code });
  if (senior.cardNumber !== null) {
    writer.add('senior_card', { card_hash: identityHashes.card(keyring, senior.cardNumber), senior_id: senior.id, last4: senior.cardNumber.slice(-4), active: 1, issued_at: since, kind: 'street' });
  }
}

/** Standing plans of those who eat by plan: brought to the door, or fetched from the point. */
export function writeStandingPlan(writer: BulkWriter, mint: IdMint, senior: DemoSenior, today: BusinessDay): string | null {
  const { deliveryMask, collectMask } = senior.habit;
  if (deliveryMask === 0 && collectMask === 0) return null;
  const id = mint.next<string>();
  const gone = senior.status === 'active' ? null : senior.statusFrom;
  writer.add('standing_plan', {
    id, senior_id: senior.id, period: 'lunch', weekday_mask: deliveryMask | collectMask, set_code: plannedSet(senior),
    fulfilment: deliveryMask === 0 ? 'collect' : 'delivery', valid_from: addDays(today, -90), valid_to: gone, paused_from: null, paused_to: null,
  });
  return id;
}

const initials = new Map<string, string>();

/** First letters of the pinyin of each character, lower case; remembered, because names repeat. */
function initialsOf(name: string): string {
  let found = initials.get(name);
  if (found === undefined) {
    found = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', mode: 'surname' }).join('').toLowerCase();
    if (initials.size > 50_000) initials.clear();
    initials.set(name, found);
  }
  return found;
}
