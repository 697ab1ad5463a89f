import type { BusinessDay } from '../../../domain/kernel/business-day.js';
import type { CategoryCode, Sex, SpecialSeniorStatus } from '../../../domain/persons/index.js';

export interface DemoCategory {
  id: string;
  code: CategoryCode;
  /** Recorded categories are 'approved'; a special senior may stand at any step. */
  status: SpecialSeniorStatus;
  source: string;
  evidence: string;
  validFrom: BusinessDay;
  validTo: BusinessDay | null;
  refusalReason: string | null;
}

export interface DemoContact {
  id: string;
  kind: 'emergency' | 'collector' | 'guardian' | 'family';
  relation: string;
  name: string;
  phone: string;
}

/** How a senior eats: what the past is generated from and what standing plans come from. */
export interface EatingHabit {
  /** Chance of a lunch on an ordinary Wednesday. */
  share: number;
  /** Relative liking of set meals A, B, C. */
  likes: readonly [number, number, number];
  takesAway: number;
  /** Brought to the door by a standing plan, on these weekdays (bit 0 = Monday). 0: comes in person. */
  deliveryMask: number;
  /** Fetched from the point by a standing plan on these weekdays. */
  collectMask: number;
}

/** One invented person in plain words; encryption happens when the row is written. */
export interface DemoSenior {
  id: string;
  personCode: string;
  communityIndex: number;
  pointIndex: number;
  name: string;
  sex: Sex;
  birthDate: BusinessDay;
  idNumber: string;
  phone: string;
  address: string;
  latitude: number;
  longitude: number;
  floor: number;
  hasLift: boolean;
  doorNote: string;
  householdId: string | null;
  hukouArea: string;
  status: 'active' | 'suspended' | 'moved' | 'deceased';
  statusFrom: BusinessDay | null;
  cardNumber: string | null;
  categories: DemoCategory[];
  contacts: DemoContact[];
  diets: string[];
  habit: EatingHabit;
}
