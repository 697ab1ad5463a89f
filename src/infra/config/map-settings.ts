import { z } from 'zod';

/** Map services that may answer travel times instead of the street's own road graph. None is asked unless it is named here. */
export const mapEnvironment = {
  TRAVEL_TIMES: z.enum(['roads', 'valhalla', 'amap', 'tianditu']).default('roads'),
  VALHALLA_URL: z.url({ protocol: /^https?$/ }).optional(),
  AMAP_URL: z.url({ protocol: /^https?$/ }).default('https://restapi.amap.com'),
  AMAP_KEY_FILE: z.string().optional(),
  TIANDITU_URL: z.url({ protocol: /^https?$/ }).default('https://api.tianditu.gov.cn'),
  TIANDITU_KEY_FILE: z.string().optional(),
};
type Environment = z.infer<z.ZodObject<typeof mapEnvironment>>;

/** roads: nothing leaves the house. Keys are files, never values. */
export type MapSettings =
  | { readonly kind: 'roads' }
  | { readonly kind: 'valhalla'; readonly url: string }
  | { readonly kind: 'amap' | 'tianditu'; readonly url: string; readonly keyFile: string };

/** @throws Error for a service that is chosen without its address or key */
export function mapSettings(env: Environment): MapSettings {
  if (env.TRAVEL_TIMES === 'roads') return { kind: 'roads' };
  if (env.TRAVEL_TIMES === 'valhalla') return { kind: 'valhalla', url: given('VALHALLA_URL', env.VALHALLA_URL) };
  if (env.TRAVEL_TIMES === 'amap') return { kind: 'amap', url: env.AMAP_URL, keyFile: given('AMAP_KEY_FILE', env.AMAP_KEY_FILE) };
  return { kind: 'tianditu', url: env.TIANDITU_URL, keyFile: given('TIANDITU_KEY_FILE', env.TIANDITU_KEY_FILE) };
}

function given(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`The configuration cannot be used:\n  ${name}: TRAVEL_TIMES asks for it`);
  return value;
}
