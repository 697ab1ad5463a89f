import { readFileSync } from 'node:fs';
import type { MapSettings } from '../config/map-settings.js';
import { Amap } from './amap.js';
import type { MapService } from './map-service.js';
import { Tianditu } from './tianditu.js';
import { Valhalla } from './valhalla.js';

/** The service that is asked for travel times; null where nothing leaves the house. @throws Error where its key cannot be read */
export function mapServiceOf(settings: MapSettings): MapService | null {
  switch (settings.kind) {
    case 'roads': return null;
    case 'valhalla': return new Valhalla(settings.url);
    case 'amap': return new Amap(settings.url, readFileSync(settings.keyFile, 'utf8').trim());
    case 'tianditu': return new Tianditu(settings.url, readFileSync(settings.keyFile, 'utf8').trim());
  }
}
