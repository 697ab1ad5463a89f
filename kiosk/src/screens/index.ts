import type { Component } from 'vue';
import type { Screen } from '../flow/screen.js';
import Calibrate from './calibrate.vue';
import Card from './card.vue';
import Checking from './checking.vue';
import Closed from './closed.vue';
import Confirm from './confirm.vue';
import Digits from './digits.vue';
import Done from './done.vue';
import Enrol from './enrol.vue';
import HandOver from './hand-over.vue';
import Help from './help.vue';
import IsItYou from './is-it-you.vue';
import Meal from './meal.vue';
import NotRecognised from './not-recognised.vue';
import OutOfService from './out-of-service.vue';
import Rate from './rate.vue';
import Refused from './refused.vue';
import Roaming from './roaming.vue';
import Short from './short.vue';
import Starting from './starting.vue';
import Turn from './turn.vue';
import Welcome from './welcome.vue';
import Which from './which.vue';

export const screens: Readonly<Record<Screen['name'], Component>> = {
  starting: Starting, enrol: Enrol, calibrate: Calibrate, welcome: Welcome, 'is-it-you': IsItYou, which: Which, meal: Meal,
  confirm: Confirm, checking: Checking, done: Done, 'not-recognised': NotRecognised, digits: Digits, roaming: Roaming, 'hand-over': HandOver, turn: Turn,
  card: Card, short: Short, closed: Closed, refused: Refused, rate: Rate, help: Help, 'out-of-service': OutOfService,
};
