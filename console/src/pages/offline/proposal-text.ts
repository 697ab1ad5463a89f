import type { OfflineReviewRow } from '../../../../src/contract/offline.js';
import { t } from '../../../../ui/dictionary/index.js';

/** Who proposed what for a sale, and why; empty where nobody has. */
export function proposalText({ proposal, differenceFen }: OfflineReviewRow): string {
  if (proposal === null) return '';
  const bearer = proposal.decision === 'accept' && (differenceFen ?? 0) > 0 ? ` · ${t(`offline.chargedTo.${proposal.chargedTo}`)}` : '';
  return t('offline.proposed', { by: proposal.by, what: t(`offline.${proposal.decision}`) + bearer, reason: proposal.reason });
}
