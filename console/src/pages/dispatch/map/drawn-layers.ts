import type { FeatureCollection } from 'geojson';
import type { LayerSpecification } from 'maplibre-gl';
import { DASHES, placeOf, type Drawing } from './drawing.js';

/** A drawing as map features in WGS-84, its colours put in from the page's tokens. */
export function featuresOf(drawing: Drawing, token: (name: string) => string): { lines: FeatureCollection; marks: FeatureCollection } {
  return {
    lines: { type: 'FeatureCollection', features: drawing.lines.map((line) => ({
      type: 'Feature', properties: { colour: token(line.ink), dash: line.dash, widthPx: line.widthPx },
      geometry: { type: 'MultiLineString', coordinates: line.parts.map((part) => pairs(part).map(([x, y]) => placeOf(drawing, x, y))) },
    })) },
    marks: { type: 'FeatureCollection', features: drawing.marks.map((mark, order) => ({
      type: 'Feature', properties: { order, colour: token(mark.ink), fill: token(mark.fill), radiusPx: mark.radiusPx, text: mark.text, beside: mark.beside },
      geometry: { type: 'Point', coordinates: placeOf(drawing, mark.x, mark.y) },
    })) },
  };
}

/** Layers over the town: a layer for each dash, since a dash cannot be told by the feature everywhere. */
export function drawnLayers(token: (name: string) => string): LayerSpecification[] {
  const font = ['Noto Sans SC', 'sans-serif'];
  const text = { 'text-color': token('--ink'), 'text-halo-color': token('--paper') };
  return [
    ...DASHES.map((dash, index): LayerSpecification => ({
      id: `drawn-lines-${index}`, type: 'line', source: 'lines', filter: ['==', ['get', 'dash'], index], layout: { 'line-join': 'round' },
      paint: { 'line-color': ['get', 'colour'], 'line-width': ['get', 'widthPx'], 'line-dasharray': [...dash] },
    })),
    { id: 'drawn-marks', type: 'circle', source: 'marks', layout: { 'circle-sort-key': ['get', 'order'] }, paint: {
      'circle-radius': ['get', 'radiusPx'], 'circle-color': ['get', 'fill'], 'circle-stroke-color': ['get', 'colour'], 'circle-stroke-width': 2.5 } },
    { id: 'drawn-numbers', type: 'symbol', source: 'marks', filter: ['!', ['get', 'beside']], layout: {
      'text-field': ['get', 'text'], 'text-font': font, 'text-size': 13, 'text-allow-overlap': true, 'text-ignore-placement': true }, paint: text },
    { id: 'drawn-names', type: 'symbol', source: 'marks', filter: ['get', 'beside'], layout: {
      'text-field': ['get', 'text'], 'text-font': font, 'text-size': 13, 'text-anchor': 'bottom', 'text-offset': [0, -0.8] }, paint: { ...text, 'text-halo-width': 1.5 } },
  ];
}

function pairs(flat: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) found.push([flat[at] ?? 0, flat[at + 1] ?? 0]);
  return found;
}
