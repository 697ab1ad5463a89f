// breaks: server-knows-no-test
import { fixture } from '../../test/fixture.js';
export const used = fixture;
