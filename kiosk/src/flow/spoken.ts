import { pick, t } from '../../../ui/dictionary/index.js';
import { yuan } from '../parts/yuan.js';
import { ownSide } from './turn-desk.js';
import { lacksOneStep, type Screen } from './screen.js';

/** What is said when a screen appears: the words on it, without balances and numbers of documents. */
export function spokenFor(screen: Screen): string {
  switch (screen.name) {
    case 'welcome': return t('kiosk.welcome.say');
    case 'is-it-you': return t(screen.candidate.claim.kind === 'collector' ? 'kiosk.collect.sayFor' : 'kiosk.you.say', { name: screen.candidate.maskedName });
    case 'which': return t('kiosk.which.say');
    case 'meal': return t('kiosk.meal.say', { name: screen.candidate.maskedName });
    case 'confirm': return screen.look === true ? t('kiosk.confirm.look') : t('kiosk.confirm.say', { sentence: pick(screen.meal.quote.explanation) });
    case 'second': return t('kiosk.second.say');
    case 'together': return t('kiosk.together.say');
    case 'collect': return t(screen.nobody ? 'kiosk.collect.none' : screen.last4 === null ? 'kiosk.collect.say' : 'kiosk.collect.sayOwn');
    case 'order': return screen.orders.meals.length === 0 ? t('kiosk.order.nothing') : t('kiosk.order.say');
    case 'checking': return screen.tries === 1 ? t('kiosk.checking.say') : '';
    case 'done': return screen.offline === true ? t('kiosk.done.sayOffline', { number: screen.answer.pickupNo }) : t(screen.answer.dueFen === 0 ? 'kiosk.done.sayFree' : 'kiosk.done.say', {
      yuan: yuan(screen.answer.dueFen), number: screen.answer.pickupNo,
    });
    case 'not-recognised': return t(screen.unseen === true ? 'kiosk.unseen.say' : screen.another === true ? 'kiosk.another.say' : lacksOneStep(screen) ? 'kiosk.digits.say' : 'kiosk.unknown.say');
    case 'digits': return screen.nobody === null ? t('kiosk.digits.say') : t('kiosk.digits.none');
    case 'roaming': return t('kiosk.roaming.wait');
    case 'turn': return t('kiosk.turn.say', { side: t(ownSide(screen.side)) });
    case 'card': return screen.unknownCard ? t('kiosk.card.none') : t('kiosk.card.say');
    case 'short': return t('kiosk.short.say');
    case 'closed': return t('kiosk.closed.say');
    case 'refused': return pick(screen.refused.sentence);
    case 'pin': case 'gate': case 'rate': return spokenByState(screen);
    case 'help': return t('kiosk.help.say');
    case 'out-of-service': return t('kiosk.out.text');
    case 'staff': case 'staff-pin': case 'starting': case 'enrol': case 'waiting': case 'calibrate': case 'hand-over': return '';
  }
}

/** Screens that say another thing in each of their states. */
function spokenByState(screen: Extract<Screen, { name: 'pin' | 'gate' | 'rate' }>): string {
  if (screen.name === 'pin') return t(screen.wrong ? 'kiosk.pin.wrong' : 'kiosk.pin.say');
  if (screen.name === 'gate') return t(screen.decision === null ? 'kiosk.gate.say' : `kiosk.gate.${screen.decision}`);
  return t(({ face: 'kiosk.rate.question', why: 'kiosk.rate.why', thanks: 'kiosk.rate.thanks', 'not-noted': 'kiosk.rate.notNoted' } as const)[screen.step]);
}
