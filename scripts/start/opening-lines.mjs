import { built } from './application.mjs';

/**
 * What a person reads when everything runs: addresses, logins of the demo street or the first administrator's
 * one-time code, and a last line with the word "ready".
 * @param {{demo: boolean, address: {shown: string}, firstCode: string[]}} installation firstCode: lines with the one-time code, if one was made
 * @returns {Promise<string[]>}
 */
export async function openingLines({ demo, address: { shown }, firstCode }) {
  const lines = [
    '',
    `  热乎饭 Rehufan`,
    `  Staff pages      ${shown}/console/`,
    `  Kiosk            ${shown}/kiosk/${demo ? `    (without a camera: ${shown}/kiosk/?demo)` : ''}`,
    `  API description  ${shown}/api/docs (for administrators)`,
    '',
  ];
  lines.push(...(demo ? await demoLogins() : firstAdministrator(firstCode)));
  lines.push(`ready: ${shown} (Ctrl-C ends everything)`);
  return lines;
}

/** One login of each role, and everybody of the street's office, where some acts need two; the password opens invented data only. */
async function demoLogins() {
  const { DEMO_PASSWORD, DEMO_STAFF } = await import(built('modules', 'demo-street', 'staff-roster.js'));
  const first = DEMO_STAFF.filter((one, index) => one.scope.kind === 'street' || DEMO_STAFF.findIndex((other) => other.role === one.role) === index);
  const width = Math.max(...first.map(({ loginName }) => loginName.length)) + 2;
  return [
    `  Demo logins, all with the password ${DEMO_PASSWORD}`,
    ...first.map(({ loginName, displayName }) => `    ${loginName.padEnd(width)} ${displayName}`),
    '',
  ];
}

/** The one-time code for the first administrator, as long as there is none; written here and nowhere else. */
function firstAdministrator(lines) {
  return lines.length === 0 ? [] : [...lines.map((line) => `  ${line}`), ''];
}
