import { t } from '../../../../ui/dictionary/index.js';

const MILLION = 1_000_000;

/** A bound per stranger in words. */
export const boundText = (maxRiskPpm: number): string => (maxRiskPpm === 0 ? t('faces.risk.none') : t('faces.risk.oneOf', { count: Math.floor(MILLION / maxRiskPpm) }));
