import { addDays, ageOn, type BusinessDay } from '../../../domain/kernel/business-day.js';
import type { SeededRandom } from '../../../domain/kernel/seeded-random.js';
import type { IdMint } from '../id-mint.js';
import { DEMO_AREAS, type DemoStreet } from '../street/places.js';
import { inventCategories, inventContacts, inventDiets, specialSenior, type SpecialState } from './circumstances.js';
import { DEMO_FACE_PEOPLE } from './demo-faces.js';
import type { DemoSenior, EatingHabit } from './demo-senior.js';
import { type Household, inventFlat, inventHousehold, inventResident, type Resident } from './households.js';
import { IdentityNumbers } from './identities.js';
import { inventName } from './names.js';

const EVERY_DAY = 0b1111111;
const WORKDAYS = 0b0011111;
/** Of those below 90: how many stand where as special seniors. */
const SPECIAL_STATES: readonly (readonly [SpecialState | 'none', number])[] =
  [['none', 966], ['approved', 20], ['applied', 4], ['community', 3], ['expired', 5], ['refused', 2]];
const DOOR_NOTES = ['按门铃请等一会儿', '耳朵不好，请大声敲门', '钥匙在邻居 502 室', '养了小狗，不咬人', '腿脚不便，请多等两分钟'];

/** The people of a street. The demo faces come first, then households until `count` people are there. */
export class PeopleInventor {
  private readonly numbers: IdentityNumbers;

  constructor(
    private readonly random: SeededRandom, private readonly mint: IdMint,
    private readonly street: DemoStreet, private readonly today: BusinessDay,
  ) {
    this.numbers = new IdentityNumbers(random.fork('numbers'));
  }

  invent(count: number): DemoSenior[] {
    const people = this.demoFaces().slice(0, count);
    while (people.length < count) {
      const household = inventHousehold(this.random, this.street.points, this.today);
      const householdId = household.residents.length > 1 ? this.mint.next() : null;
      for (const resident of household.residents) {
        if (people.length < count) people.push(this.senior(household, resident, householdId));
      }
    }
    return people;
  }

  private demoFaces(): DemoSenior[] {
    return DEMO_FACE_PEOPLE.map((face, index) => {
      const flat = inventFlat(this.random, this.street.points, 0);
      const resident = inventResident(this.random, face.ageYears, face.sex, this.today);
      const senior = this.senior({ ...flat, pointIndex: 0, residents: [resident] }, resident, null);
      const special = face.special === 'none' ? [] : [specialSenior(this.random, this.mint, face.special, this.today)];
      return {
        ...senior, name: face.name, phone: face.phone, status: 'active' as const, statusFrom: null, hukouArea: DEMO_AREAS.street,
        cardNumber: senior.cardNumber ?? this.numbers.cardNumber(),
        categories: [...senior.categories.filter(({ code }) => code !== 'special-senior'), ...special],
        diets: index % 2 === 0 ? [] : senior.diets,
        habit: {
          ...senior.habit, share: face.delivery ? 0 : 0.35, collectMask: 0,
          deliveryMask: face.delivery ? EVERY_DAY : 0,
        },
      };
    });
  }

  private senior(household: Household, resident: Resident, householdId: string | null): DemoSenior {
    const { random, mint, street } = this;
    const { pointIndex, address, latitude, longitude, floor, hasLift } = household;
    const communityIndex = street.points[pointIndex]?.communityIndex ?? 0;
    const ageYears = ageOn(resident.birthDate, this.today);
    const livesAlone = household.residents.length === 1 && random.chance(0.35);
    const categories = inventCategories(random, mint, resident.birthDate, livesAlone, this.today);
    const special = ageYears >= 90 ? 'none' : random.weighted(SPECIAL_STATES);
    if (special !== 'none') categories.push(specialSenior(random, mint, special, this.today));
    const status = random.weighted([['active', 972], ['suspended', 8], ['moved', 10], ['deceased', 10]] as const);
    return {
      id: mint.next(), personCode: mint.next(),
      communityIndex, pointIndex, latitude, longitude, floor, hasLift, householdId, categories, status,
      name: inventName(random, resident.sex), sex: resident.sex, birthDate: resident.birthDate,
      idNumber: this.numbers.idNumber(resident.birthDate, resident.sex),
      phone: this.numbers.phone(),
      address: `${street.streetName}${street.communities[communityIndex]?.name ?? ''}${address}`,
      doorNote: random.chance(0.12) ? random.pick(DOOR_NOTES) : '',
      hukouArea: random.weighted([[DEMO_AREAS.street, 80], [DEMO_AREAS.sameDistrict, 10], [DEMO_AREAS.sameCity, 6], [DEMO_AREAS.elsewhere, 4]]),
      statusFrom: status === 'active' ? null : addDays(this.today, -random.int(1, 55)),
      cardNumber: random.chance(0.45) ? this.numbers.cardNumber() : null,
      contacts: inventContacts(random, mint, () => this.numbers.phone(), categories.some(({ code }) => code === 'dementia')),
      diets: inventDiets(random, ageYears),
      habit: inventHabit(random, ageYears, special === 'approved'),
    };
  }
}

/** Regulars, frequent and occasional guests, and people who never come; the very old and the approved are visited. */
function inventHabit(random: SeededRandom, ageYears: number, approved: boolean): EatingHabit {
  const visited = (approved && random.chance(0.85)) || (ageYears >= 90 && random.chance(0.6));
  const share = random.weighted([[0, 34], [random.real(0.02, 0.14), 44], [random.real(0.3, 0.55), 13], [random.real(0.7, 0.92), 9]] as const);
  const likes = [random.real(0.5, 2), random.real(0.3, 1.4), ageYears >= 80 ? random.real(0.4, 2) : random.real(0.05, 0.4)] as const;
  return {
    likes,
    share: visited ? 0 : share,
    takesAway: random.chance(0.2) ? 0.8 : 0.06,
    deliveryMask: visited ? (random.chance(0.7) ? EVERY_DAY : WORKDAYS) : 0,
    collectMask: !visited && share > 0.6 && random.chance(0.25) ? WORKDAYS : 0,
  };
}
