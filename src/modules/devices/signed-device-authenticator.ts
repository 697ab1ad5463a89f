import { createPublicKey, verify } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DEVICE_CLOCK_TOLERANCE_MS, DEVICE_HEADERS, deviceNonce, deviceSignatureText } from '../../contract/devices.js';
import type { DeviceId, PointId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { sha256Hex } from '../../infra/crypto/digest.js';
import { affectedRows } from '../../infra/database/columns.js';
import { DeviceAuthenticator } from '../../infra/http/authenticators.js';
import type { AppRequest, DeviceIdentity } from '../../infra/http/request-context.js';
import { RaiseDeviceAlarm } from './raise-device-alarm.js';

interface DeviceRow { id: DeviceId; point_id: PointId; signing_key_jwk: string; status: Standing }
type Standing = 'active' | 'waiting' | 'revoked';

/** That a device was seen is written at most this often: a request in front of a guest waits for one write to the disk, not for two. */
const SEEN_EVERY_MS = 5_000;

/**
 * Accepts a request only when the enrolled key of an active device signed exactly this method, path, body, time and
 * nonce, the time is near ours and the nonce is new (DPoP, RFC 9449, in spirit).
 */
@Injectable()
export class SignedDeviceAuthenticator extends DeviceAuthenticator {
  constructor(private readonly dataSource: DataSource, private readonly clock: Clock, private readonly alarm: RaiseDeviceAlarm) {
    super();
  }

  authenticate(request: AppRequest): Promise<DeviceIdentity | null> {
    return this.signedBy(request, ['active', 'waiting']);
  }

  authenticateRevoked(request: AppRequest): Promise<DeviceIdentity | null> {
    return this.signedBy(request, ['revoked']);
  }

  private async signedBy(request: AppRequest, standings: readonly Standing[]): Promise<DeviceIdentity | null> {
    const deviceId = header(request, DEVICE_HEADERS.deviceId);
    const timeMs = header(request, DEVICE_HEADERS.timeMs);
    const nonce = header(request, DEVICE_HEADERS.nonce);
    const signature = header(request, DEVICE_HEADERS.signature);
    if (!/^[0-9a-f-]{36}$/.test(deviceId) || !/^\d{13}$/.test(timeMs) || !deviceNonce.safeParse(nonce).success) return null;
    if (Math.abs(this.clock.now().getTime() - Number(timeMs)) > DEVICE_CLOCK_TOLERANCE_MS) return null;
    const [device] = await this.dataSource.query<DeviceRow[]>(
      'SELECT id, point_id, signing_key_jwk, status FROM device WHERE id = ? AND status IN (?)', [deviceId, standings],
    );
    if (device === undefined || (device.status === 'revoked' && await this.neverSold(device.id))) return null;
    const text = deviceSignatureText({
      method: request.method, pathWithQuery: request.originalUrl, bodySha256Hex: sha256Hex(request.rawBody ?? ''), timeMs, nonce,
    });
    if (!isSignedBy(device.signing_key_jwk, text, signature)) {
      await this.alarm.execute(device.id, 'device-forged');
      return null;
    }
    if (!await this.takeNonce(device.id, nonce)) return null;
    return { deviceId: device.id, pointId: device.point_id, ...(device.status === 'waiting' ? { waiting: true } : {}) };
  }

  /** A machine that was ended before anybody confirmed it has no sales of before to hand in. */
  private async neverSold(deviceId: DeviceId): Promise<boolean> {
    return (await this.dataSource.query<unknown[]>('SELECT 1 FROM device_place WHERE device_id = ? AND confirmed_at IS NULL', [deviceId])).length > 0;
  }

  private async takeNonce(deviceId: DeviceId, nonce: string): Promise<boolean> {
    const now = this.clock.now();
    const [taken] = await Promise.all<unknown>([
      this.dataSource.query('INSERT IGNORE INTO device_nonce (device_id, nonce, at) VALUES (?, ?, ?)', [deviceId, nonce, now]),
      this.dataSource.query(
        'UPDATE device SET last_seen_at = ? WHERE id = ? AND (last_seen_at IS NULL OR last_seen_at < ?)', [now, deviceId, new Date(now.getTime() - SEEN_EVERY_MS)],
      ),
    ]);
    return affectedRows(taken) === 1;
  }
}

function header(request: AppRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function isSignedBy(jwkText: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: JSON.parse(jwkText) as import('node:crypto').JsonWebKey, format: 'jwk' });
    return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
