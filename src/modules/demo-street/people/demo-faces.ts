import type { Sex } from '../../../domain/persons/index.js';

/**
 * People whom a visitor plays: the demo camera shows a sample photo, the desk enrols it for one of them. They have no
 * face on file when the street is new. Phones are fixed, so that a tour can name the last four digits.
 */
export const DEMO_FACE_PEOPLE: readonly {
  name: string;
  sex: Sex;
  ageYears: number;
  phone: string;
  /** What the street pays for beyond the age discount. */
  special: 'none' | 'approved' | 'expired';
  delivery: boolean;
}[] = [
  { name: '陈国华', sex: 'M', ageYears: 72, phone: '15400001072', special: 'none', delivery: false },
  { name: '沈桂英', sex: 'F', ageYears: 69, phone: '15400001069', special: 'none', delivery: false },
  { name: '俞志明', sex: 'M', ageYears: 81, phone: '15400001081', special: 'none', delivery: false },
  { name: '林玉兰', sex: 'F', ageYears: 84, phone: '15400001084', special: 'approved', delivery: true },
  { name: '周德福', sex: 'M', ageYears: 91, phone: '15400001091', special: 'none', delivery: true },
  { name: '欧阳秀珍', sex: 'F', ageYears: 77, phone: '15400001077', special: 'expired', delivery: false },
  { name: '徐金根', sex: 'M', ageYears: 60, phone: '15400001060', special: 'none', delivery: false },
  { name: '金阿仙', sex: 'F', ageYears: 102, phone: '15400001102', special: 'none', delivery: true },
];
