import '../type/later.css';
import type { Component } from 'vue';
import type { Screen } from '../flow/screen.js';
import Calibrate from './calibrate.vue';
import Card from './card.vue';
import Collect from './collect.vue';
import Confirm from './confirm.vue';
import Digits from './digits.vue';
import Done from './done.vue';
import Gate from './gate.vue';
import HandOver from './hand-over.vue';
import Help from './help.vue';
import IsItYou from './is-it-you.vue';
import Meal from './meal.vue';
import NotRecognised from './not-recognised.vue';
import Order from './order.vue';
import Pin from './pin.vue';
import Ports from './ports.vue';
import Rate from './rate.vue';
import Refused from './refused.vue';
import Roaming from './roaming.vue';
import Second from './second.vue';
import Short from './short.vue';
import Staff from './staff.vue';
import StaffPin from './staff-pin.vue';
import Together from './together.vue';
import Turn from './turn.vue';
import Waiting from './waiting.vue';
import Which from './which.vue';

/** Screens that nobody sees before they have touched something or stood before the camera. */
export const laterScreens: Readonly<Partial<Record<Screen['name'], Component>>> = {
  calibrate: Calibrate, card: Card, collect: Collect, confirm: Confirm, digits: Digits, done: Done, gate: Gate, 'hand-over': HandOver, help: Help,
  'is-it-you': IsItYou, meal: Meal, 'not-recognised': NotRecognised, order: Order, pin: Pin, ports: Ports, rate: Rate, refused: Refused, roaming: Roaming, second: Second, short: Short,
  staff: Staff, 'staff-pin': StaffPin, together: Together, turn: Turn, waiting: Waiting, which: Which,
};
