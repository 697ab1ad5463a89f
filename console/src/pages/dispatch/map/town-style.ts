import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';

/** The names that the two common schemas of town maps give their layers; a layer that a file lacks draws nothing. */
const WATER = ['water'];
const WATERWAYS = ['waterway'];
const GREEN = ['landuse', 'landcover', 'park'];
const BUILDINGS = ['buildings', 'building'];
const ROADS = ['roads', 'transportation'];
const ROAD_NAMES = ['roads', 'transportation_name'];
const PLACE_NAMES = ['places', 'place'];

const NAME: ExpressionSpecification = ['coalesce', ['get', 'name:zh'], ['get', 'name:zh-Hans'], ['get', 'name'], ''];
const KIND: ExpressionSpecification = ['coalesce', ['get', 'kind'], ['get', 'class'], ''];
const IS_GREEN: FilterSpecification = ['in', KIND, ['literal', ['park', 'grass', 'wood', 'forest', 'garden', 'playground', 'recreation_ground', 'cemetery', 'nature_reserve']]];
const IS_BIG: ExpressionSpecification = ['in', KIND, ['literal', ['highway', 'major_road', 'motorway', 'trunk', 'primary', 'secondary']]];

/** A quiet town below what is drawn over it: water, green, buildings, roads, names. Letters come from the device, nothing is fetched. */
export function townLayers(source: string, kind: 'vector' | 'raster', token: (name: string) => string): LayerSpecification[] {
  if (kind === 'raster') return [{ id: 'town', type: 'raster', source, paint: { 'raster-saturation': -0.5, 'raster-opacity': 0.85, 'raster-fade-duration': 0 } }];
  const font = ['Noto Sans SC', 'sans-serif'];
  const halo = { 'text-color': token('--ink-2'), 'text-halo-color': token('--paper'), 'text-halo-width': 1.5 };
  const roadWidth = (small: number, big: number): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], 12, ['case', IS_BIG, 1.5, 0.5], 18, ['case', IS_BIG, big, small]];
  return [
    ...GREEN.map((layer): LayerSpecification => ({ id: `town-green-${layer}`, type: 'fill', source, 'source-layer': layer, filter: IS_GREEN, paint: { 'fill-color': token('--jade-wash') } })),
    ...WATER.map((layer): LayerSpecification => ({ id: `town-water-${layer}`, type: 'fill', source, 'source-layer': layer, paint: { 'fill-color': token('--sky-wash') } })),
    ...WATERWAYS.map((layer): LayerSpecification => ({ id: `town-waterway-${layer}`, type: 'line', source, 'source-layer': layer, paint: { 'line-color': token('--sky-wash'), 'line-width': 3 } })),
    ...BUILDINGS.map((layer): LayerSpecification => ({ id: `town-building-${layer}`, type: 'fill', source, 'source-layer': layer, minzoom: 14, paint: { 'fill-color': token('--wood') } })),
    ...ROADS.map((layer): LayerSpecification => ({
      id: `town-road-${layer}`, type: 'line', source, 'source-layer': layer, layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': token('--line-soft'), 'line-width': roadWidth(14, 26) },
    })),
    ...ROAD_NAMES.map((layer): LayerSpecification => ({
      id: `town-road-name-${layer}`, type: 'symbol', source, 'source-layer': layer, minzoom: 14, layout: { 'symbol-placement': 'line', 'text-field': NAME, 'text-font': font, 'text-size': 12 }, paint: halo,
    })),
    ...PLACE_NAMES.map((layer): LayerSpecification => ({
      id: `town-place-${layer}`, type: 'symbol', source, 'source-layer': layer, layout: { 'text-field': NAME, 'text-font': font, 'text-size': 14 }, paint: halo,
    })),
  ];
}
