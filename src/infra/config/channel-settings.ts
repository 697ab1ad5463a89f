import { z } from 'zod';

/** Payment channels as the environment names them; secrets are files, never values. A channel is on when all its settings are there. */
export const channelEnvironment = {
  WECHAT_PAY_MERCHANT_ID: z.string().regex(/^\d{6,20}$/).optional(),
  WECHAT_PAY_APP_ID: z.string().regex(/^wx[0-9a-z]{6,30}$/).optional(),
  WECHAT_PAY_SERIAL_NO: z.string().regex(/^[0-9A-Za-z]{8,64}$/).optional(),
  WECHAT_PAY_KEY_FILE: z.string().optional(),
  WECHAT_PAY_API_KEY_FILE: z.string().optional(),
  WECHAT_PAY_PLATFORM_SERIAL: z.string().regex(/^[0-9A-Za-z_]{8,64}$/).optional(),
  WECHAT_PAY_PLATFORM_KEY_FILE: z.string().optional(),
  WECHAT_PAY_GATEWAY: z.url().default('https://api.mch.weixin.qq.com'),
  ALIPAY_APP_ID: z.string().regex(/^\d{6,32}$/).optional(),
  ALIPAY_SELLER_ID: z.string().regex(/^\d{6,32}$/).optional(),
  ALIPAY_KEY_FILE: z.string().optional(),
  ALIPAY_PUBLIC_KEY_FILE: z.string().optional(),
  ALIPAY_GATEWAY: z.url().default('https://openapi.alipay.com/gateway.do'),
  SENIOR_CARD_BANK: z.enum(['off', 'local-double']).optional(),
};
type Environment = z.infer<z.ZodObject<typeof channelEnvironment>>;

export interface WechatSettings {
  readonly merchantId: string; readonly appId: string; readonly serialNo: string; readonly keyFile: string; readonly apiKeyFile: string;
  readonly platformSerial: string; readonly platformKeyFile: string; readonly gateway: string;
}
export interface AlipaySettings { readonly appId: string; readonly sellerId: string; readonly keyFile: string; readonly publicKeyFile: string; readonly gateway: string }
export interface ChannelSettings {
  readonly wechat: WechatSettings | null;
  readonly alipay: AlipaySettings | null;
  /** `local-double`: our own stand-in for the bank of the senior card, for tests and demonstrations only. */
  readonly seniorCardBank: 'off' | 'local-double';
}

/** @throws Error for a channel that is set by half, and for the stand-in of a bank in production */
export function channelSettings(env: Environment & { NODE_ENV: string }, demo: boolean): ChannelSettings {
  if (env.NODE_ENV === 'production' && env.SENIOR_CARD_BANK === 'local-double') {
    throw new Error('The configuration cannot be used:\n  SENIOR_CARD_BANK: the stand-in of a bank is refused in production');
  }
  const wechat = allOrNone('WECHAT_PAY', {
    merchantId: env.WECHAT_PAY_MERCHANT_ID, appId: env.WECHAT_PAY_APP_ID, serialNo: env.WECHAT_PAY_SERIAL_NO, keyFile: env.WECHAT_PAY_KEY_FILE,
    apiKeyFile: env.WECHAT_PAY_API_KEY_FILE, platformSerial: env.WECHAT_PAY_PLATFORM_SERIAL, platformKeyFile: env.WECHAT_PAY_PLATFORM_KEY_FILE,
  });
  const alipay = allOrNone('ALIPAY', { appId: env.ALIPAY_APP_ID, sellerId: env.ALIPAY_SELLER_ID, keyFile: env.ALIPAY_KEY_FILE, publicKeyFile: env.ALIPAY_PUBLIC_KEY_FILE });
  return {
    wechat: wechat === null ? null : { ...wechat, gateway: env.WECHAT_PAY_GATEWAY }, alipay: alipay === null ? null : { ...alipay, gateway: env.ALIPAY_GATEWAY },
    seniorCardBank: env.SENIOR_CARD_BANK ?? (demo ? 'local-double' : 'off'),
  };
}

function allOrNone<Name extends string>(channel: string, settings: Record<Name, string | undefined>): Record<Name, string> | null {
  const given = Object.values(settings).filter((value) => value !== undefined).length;
  if (given === 0) return null;
  if (given < Object.keys(settings).length) throw new Error(`The configuration cannot be used:\n  ${channel}: all settings of the channel belong together`);
  return settings as Record<Name, string>;
}
