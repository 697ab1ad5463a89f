import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import { InvariantError } from '../../../domain/kernel/domain-error.js';
import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import { cardCheckDigit, idCheckCharacter, type Sex } from '../../../domain/persons/index.js';

/** No county has this code, so no number made here can be anybody's. */
const DEMO_ID_AREA = '990000';
/** Mobile numbers of a prefix that no network serves. */
const DEMO_PHONE_PREFIX = '154';
const DEMO_CARD_PREFIX = '9900';

/** Numbers that belong to one person only; remembers which it gave away. */
export class IdentityNumbers {
  private readonly sequences = new Map<string, number>();
  private phones: number;
  private cards = 0;

  constructor(random: SeededRandom) {
    this.phones = random.int(0, 9_999_999);
  }

  /** An ID number with a correct check character and the right sex digit. */
  idNumber(birthDate: BusinessDay, sex: Sex): string {
    const slot = `${birthDate}${sex}`;
    const count = this.sequences.get(slot) ?? 0;
    this.sequences.set(slot, count + 1);
    if (count > 499) throw new InvariantError(`too many people born on ${birthDate}`);
    const sequence = count * 2 + (sex === 'M' ? 1 : 0);
    const first17 = `${DEMO_ID_AREA}${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
    return `${first17}${idCheckCharacter(first17)}`;
  }

  /** A mobile number; steps by a number coprime to 10^8, so the last four digits spread evenly and none comes twice. */
  phone(): string {
    this.phones = (this.phones + 73_939_133) % 100_000_000;
    return `${DEMO_PHONE_PREFIX}${String(this.phones).padStart(8, '0')}`;
  }

  cardNumber(): string {
    this.cards += 1;
    const payload = `${DEMO_CARD_PREFIX}${String(this.cards).padStart(7, '0')}`;
    return `${payload}${cardCheckDigit(payload)}`;
  }
}
