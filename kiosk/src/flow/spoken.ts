import { pick, t } from '../../../ui/dictionary/index.js';
import { yuan } from '../parts/yuan.js';
import { ownSide } from './turn-desk.js';
import { sentence, type Sentence } from '../sense/voice-pack.js';
import { lacksOneStep, type Screen } from './screen.js';

const SILENCE: Sentence = { text: '' };

/** What is said when a screen appears: the words on it, without balances and numbers of documents. */
export function spokenFor(screen: Screen): Sentence {
  if ('look' in screen && screen.look !== undefined) return sentence(screen.look === 'alone' ? 'kiosk.welcome.several' : 'kiosk.confirm.look');
  switch (screen.name) {
    case 'welcome': return sentence('kiosk.welcome.say');
    case 'is-it-you': return sentence(screen.candidate.claim.kind === 'collector' ? 'kiosk.collect.sayFor' : 'kiosk.you.say', { name: screen.candidate.maskedName });
    case 'which': return sentence('kiosk.which.say');
    case 'meal': return sentence('kiosk.meal.say', { name: screen.candidate.maskedName });
    case 'second': return sentence('kiosk.second.say');
    case 'together': return sentence('kiosk.together.say');
    case 'collect': return sentence(screen.nobody ? 'kiosk.collect.none' : screen.last4 === null ? 'kiosk.collect.say' : 'kiosk.collect.sayOwn');
    case 'order': return screen.orders.meals.length === 0 ? sentence('kiosk.order.nothing') : sentence('kiosk.order.say');
    case 'checking': return screen.tries === 1 ? sentence('kiosk.checking.say') : SILENCE;
    case 'done': return screen.offline === true ? sentence('kiosk.done.sayOffline', { number: screen.answer.pickupNo }) : sentence(screen.answer.dueFen === 0 ? 'kiosk.done.sayFree' : 'kiosk.done.say', {
      yuan: yuan(screen.answer.dueFen), number: screen.answer.pickupNo,
    });
    case 'digits': return screen.nobody === null ? sentence('kiosk.digits.say') : sentence(screen.without ? 'kiosk.digits.noneWithout' : 'kiosk.digits.none');
    case 'roaming': return sentence('kiosk.roaming.wait');
    case 'turn': return sentence('kiosk.turn.say', { side: t(ownSide(screen.side)) });
    case 'card': return screen.unknownCard ? sentence('kiosk.card.none') : sentence('kiosk.card.say');
    case 'short': return sentence('kiosk.short.say');
    case 'closed': return sentence('kiosk.closed.say');
    case 'refused': return { text: pick(screen.refused.sentence) };
    case 'pin': case 'help': case 'gate': case 'rate': case 'confirm': case 'not-recognised': return spokenByState(screen);
    case 'out-of-service': return sentence('kiosk.out.text');
    case 'staff': case 'staff-pin': case 'starting': case 'enrol': case 'waiting': case 'calibrate': case 'ports': case 'hand-over': return SILENCE;
  }
}

/** Screens that say another thing in each of their states. */
function spokenByState(screen: Extract<Screen, { name: 'pin' | 'help' | 'gate' | 'rate' | 'confirm' | 'not-recognised' }>): Sentence {
  if (screen.name === 'confirm') return sentence('kiosk.confirm.say', { sentence: pick(screen.meal.quote.explanation) });
  if (screen.name === 'not-recognised') return spokenToUnknown(screen);
  if (screen.name === 'help') return sentence(screen.unheard === true ? 'kiosk.help.unheardSay' : 'kiosk.help.say');
  if (screen.name === 'pin') return sentence(screen.wrong ? 'kiosk.pin.wrong' : 'kiosk.pin.say');
  if (screen.name === 'gate') return sentence(screen.decision === null ? 'kiosk.gate.say' : `kiosk.gate.${screen.decision}`);
  return sentence(({ face: 'kiosk.rate.question', why: 'kiosk.rate.why', thanks: 'kiosk.rate.thanks', 'not-noted': 'kiosk.rate.notNoted' } as const)[screen.step]);
}

function spokenToUnknown(screen: Extract<Screen, { name: 'not-recognised' }>): Sentence {
  if (screen.several === true) return sentence('kiosk.unseen.sayAlone');
  if (screen.unseen === true) return sentence('kiosk.unseen.say');
  if (screen.another === true) return sentence('kiosk.another.say');
  return sentence(lacksOneStep(screen) ? 'kiosk.digits.say' : 'kiosk.unknown.say');
}
