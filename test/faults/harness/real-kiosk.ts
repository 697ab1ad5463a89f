import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { DEVICE_HEADERS, deviceSignatureText, type P256PublicKey } from '../../../src/contract/devices.js';
import { kioskPaymentAnswer, kioskQuoteAnswer, type KioskClaim, type KioskPaymentAnswer, type KioskPaymentRequest } from '../../../src/contract/kiosk.js';

export type Outcome = { kind: 'paid'; answer: KioskPaymentAnswer; replayed: boolean } | { kind: 'refused'; code: string; status: number };

function publicKeyOf(key: KeyObject): P256PublicKey {
  const { x, y } = key.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) };
}

/** A kiosk outside of the server's process: it enrols by a one-time code, signs each request, and keeps asking. */
export class RealKiosk {
  private readonly signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly sealing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private deviceId = '';

  /** @param address of a web process */
  constructor(readonly address: string) {}

  /** Enrols by the one-time code of the demo street. */
  async enrol(): Promise<void> {
    const { code } = await this.open('/demo/kiosk-code', {}) as { code: string };
    const answer = await this.open('/devices/enrol', { code, signingKey: publicKeyOf(this.signing.publicKey), sealingKey: publicKeyOf(this.sealing.publicKey) });
    this.deviceId = (answer as { deviceId: string }).deviceId;
  }

  /** What this person pays for this meal now, in fen. */
  async dueFen(claim: KioskClaim, setMealId: string): Promise<number> {
    const response = await this.signed('/api/v1/kiosk/quotes', JSON.stringify({ claim, setMealId }));
    if (!response.ok) throw new Error(`quote: ${response.status} ${await response.text()}`);
    return kioskQuoteAnswer.parse(await response.json()).dueFen;
  }

  /**
   * Pays with one key until the server has answered: a broken connection or a server error says nothing about the
   * money, so the same key is sent again.
   *
   * @param limitMs after this long without an answer the payment counts as unanswered
   */
  async pay(key: string, request: KioskPaymentRequest, limitMs = 60_000): Promise<Outcome> {
    const until = performance.now() + limitMs;
    let last = '';
    while (performance.now() < until) {
      const outcome = await this.payOnce(key, request).catch((error: unknown) => String(error));
      if (typeof outcome !== 'string') return outcome;
      last = outcome;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no answer within ${limitMs} ms: ${last}`);
  }

  /** One attempt. @returns the outcome, or a text where the server could not say. @throws when the connection broke */
  async payOnce(key: string, request: KioskPaymentRequest): Promise<Outcome | string> {
    const response = await this.signed('/api/v1/kiosk/payments', JSON.stringify(request), key);
    const body = await response.json() as { code?: string };
    if (response.ok) {
      return { kind: 'paid', answer: kioskPaymentAnswer.parse(body), replayed: response.headers.get('Idempotency-Hit') === 'true' };
    }
    if (response.status >= 500) return `${response.status} ${body.code ?? ''}`;
    return { kind: 'refused', code: body.code ?? '', status: response.status };
  }

  private async open(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  private signed(path: string, body: string, key?: string): Promise<Response> {
    const timeMs = String(new Date().getTime());
    const nonce = randomBytes(16).toString('base64url');
    const text = deviceSignatureText({ method: 'POST', pathWithQuery: path, bodySha256Hex: createHash('sha256').update(body).digest('hex'), timeMs, nonce });
    return fetch(`${this.address}${path}`, {
      method: 'POST', body, signal: AbortSignal.timeout(15_000),
      headers: {
        'Content-Type': 'application/json', ...(key === undefined ? {} : { 'Idempotency-Key': key }), [DEVICE_HEADERS.deviceId]: this.deviceId,
        [DEVICE_HEADERS.timeMs]: timeMs, [DEVICE_HEADERS.nonce]: nonce,
        [DEVICE_HEADERS.signature]: sign('sha256', Buffer.from(text), { key: this.signing.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
      },
    });
  }
}
