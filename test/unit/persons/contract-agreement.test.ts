import { CATEGORY_CODES, SPECIAL_SENIOR_STATUSES, CONSENT_PURPOSES } from '../../../src/domain/persons/index.js';
import * as contract from '../../../src/contract/seniors.js';
import { CONSENT_PURPOSES as contractPurposes } from '../../../src/contract/faces.js';

describe('contract and domain speak of the same things', () => {
  it('lists the same categories, steps and consents', () => {
    expect(contract.CATEGORY_CODES).toEqual(CATEGORY_CODES);
    expect(contract.CATEGORY_STATUSES).toEqual(SPECIAL_SENIOR_STATUSES);
    expect(contractPurposes).toEqual(CONSENT_PURPOSES);
  });
});
