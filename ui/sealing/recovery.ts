import { keyCopyContent, keyCopyInfo, type RecoveryBoxAnswer } from '../../src/contract/gallery-keys.js';
import type { SealedBox } from '../../src/contract/devices.js';
import { keyNumber, seal, unseal, usable, type PrivateKey } from './sealing.js';

/** The recovery key as it stands on paper. */
export const recoveryText = ({ x, y, d }: PrivateKey): string => `rehufan-recovery.${x}.${y}.${d}`;

/** @returns null for what is no recovery key */
export function readRecoveryText(text: string): PrivateKey | null {
  const match = /^rehufan-recovery\.([\w-]{43})\.([\w-]{43})\.([\w-]{43})$/.exec(text.replaceAll(/\s/g, ''));
  const [, x, y, d] = match ?? [];
  return x === undefined || y === undefined || d === undefined ? null : { kty: 'EC', crv: 'P-256', x, y, d };
}

/**
 * Opens the box with the key from paper and closes what is in it to one device, whose number was typed from its screen.
 *
 * @returns the copy, or null where number or key are not the right ones
 */
export async function copyFromRecovery(answer: RecoveryBoxAnswer, keyId: string, paper: PrivateKey, deviceId: string, typed: string): Promise<SealedBox | null> {
  const device = answer.devices.find((one) => one.deviceId === deviceId);
  if (device === undefined) return null;
  const number = await keyNumber(device.publicKey);
  if (typed.replaceAll(/\s/g, '') !== number) return null;
  const key = await usable(paper).catch(() => null);
  if (key === null) return null;
  const text = await unseal(answer.box, key, keyCopyInfo(keyId, answer.recoveryId)).catch(() => null);
  if (text === null) return null;
  const content = keyCopyContent.parse(JSON.parse(text));
  const checked = [...content.checked.filter((one) => one.holder !== deviceId), { holder: deviceId, number }];
  return seal(device.publicKey, JSON.stringify({ ...content, checked }), keyCopyInfo(keyId, deviceId));
}
