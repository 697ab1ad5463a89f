// breaks: server-needs-no-test-package
import { assert } from 'fast-check';
export const check = assert;
