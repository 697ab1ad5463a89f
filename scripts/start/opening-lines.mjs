import { hasTool, runTool } from './application.mjs';

/**
 * What a person reads when everything runs: addresses, logins of the demo street or the first administrator's
 * one-time code, and a last line with the word "ready".
 * @param {{all: object, demo: boolean}} env
 * @param {{local: string, shown: string}} address
 * @returns {Promise<string[]>}
 */
export async function openingLines(env, { shown }) {
  const lines = [
    '',
    `  热乎饭 Rehufan`,
    `  Staff pages      ${shown}/console/`,
    `  Kiosk            ${shown}/kiosk/${env.demo ? `    (without a camera: ${shown}/kiosk/?demo)` : ''}`,
    `  API description  ${shown}/api/docs`,
    '',
  ];
  const tool = env.demo ? 'demo-logins' : 'first-administrator';
  if (hasTool(tool)) {
    const told = (await runTool(tool, { env: env.all })).trimEnd();
    if (told) lines.push(...told.split('\n').map((line) => `  ${line}`), '');
  }
  lines.push(`ready: ${shown} (Ctrl-C ends everything)`);
  return lines;
}
