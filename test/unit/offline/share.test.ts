import { shareOf } from '../../../src/modules/offline/open-orders.query.js';

describe('a kiosk’s share of the portions', () => {
  it.each([
    ['nothing on order', { stock: 10, free: 10, reserved: 0, own: 0, kiosks: 3 }, { portionsLeft: 3, reserved: 0 }],
    ['orders of other kiosks', { stock: 10, free: 10, reserved: 4, own: 0, kiosks: 2 }, { portionsLeft: 3, reserved: 4 }],
    ['own orders', { stock: 10, free: 10, reserved: 4, own: 3, kiosks: 2 }, { portionsLeft: 3, forOrders: 6, reserved: 4 }],
    ['off sale for all but those who ordered', { stock: 10, free: 0, reserved: 4, own: 4, kiosks: 1 }, { portionsLeft: 0, forOrders: 4, reserved: 4 }],
    ['fewer than were ordered', { stock: 4, free: 4, reserved: 6, own: 3, kiosks: 2 }, { portionsLeft: 0, forOrders: 2, reserved: 6 }],
    ['nothing left', { stock: 0, free: 0, reserved: 2, own: 2, kiosks: 1 }, { portionsLeft: 0, forOrders: 0, reserved: 2 }],
  ] as const)('with %s', (_, given, share) => expect(shareOf(given)).toEqual(share));
});
