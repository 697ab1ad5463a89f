import fc from 'fast-check';
import { EMPTY_PLATE, isSamePlate, Plate, soldPlate } from '../../../kiosk/src/scale/plate.js';
import { continuous, Lines, onRequest } from '../../../kiosk/src/scale/protocols.js';

describe('what a scale says', () => {
  it.each([
    ['ST,GS,+0000.412kg', 412, true], ['US,GS,+  0.412 kg', 412, false], ['ST,NT,-0000.035kg', -35, true], ['ST,GS,+ 412 g', 412, true],
  ])('is read from a scale that sends by itself: %s', (line, grams, stable) => {
    expect(continuous(line)).toEqual({ grams, stable });
  });

  it.each([['S S      412 g', 412, true], ['S D    0.4125 kg', 413, false], ['S S     -35 g', -35, true]])('is read from a scale that is asked: %s', (line, grams, stable) => {
    expect(onRequest(line)).toEqual({ grams, stable });
  });

  it.each(['', 'OL,GS,+9999.999kg', 'S I', 'S +', 'ES', 'ST,GS,+0.4.1kg', 'ST,GS,+0.412 lb', 'S S 412 oz', 'ST,GS,+1e9kg', '<script>'])('is no weight: %s', (line) => {
    expect([continuous(line), onRequest(line)]).toEqual([null, null]);
  });

  it('is cut into lines wherever the pieces fall, and noise without an end is thrown away', () => {
    const text = 'ST,GS,+0.412kg\r\nUS,GS,+0.500kg\r\nST,GS,+0.612kg\r\n';
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (cuts) => {
      const lines = new Lines();
      const found: string[] = [];
      let at = 0;
      for (const cut of cuts) { found.push(...lines.push(text.slice(at, at + cut))); at += cut; }
      found.push(...lines.push(text.slice(at)));
      return found.join('|') === 'ST,GS,+0.412kg|US,GS,+0.500kg|ST,GS,+0.612kg';
    }));
    const lines = new Lines();
    expect(lines.push('x'.repeat(500))).toEqual([]);
    expect(lines.push('\r\nST,GS,+0.412kg\r\n')).toEqual(['ST,GS,+0.412kg']);
  });
});

/** Lets a weight lie there for a second and a half. */
function rest(plate: Plate, grams: number, fromMs: number): number {
  for (let ms = 0; ms <= 1_500; ms += 100) plate.read({ grams, stable: ms >= 300 }, fromMs + ms);
  return fromMs + 1_600;
}

describe('a plate on the scale', () => {
  it('is sold only at rest, less its tare', () => {
    const plate = new Plate();
    expect(soldPlate(EMPTY_PLATE)).toBeNull();
    let now = rest(plate, 240, 0);
    expect(plate.takeTare()).toBe(true);
    plate.read({ grams: 900, stable: true }, now);
    expect(plate.state()).toMatchObject({ grams: 660, stable: false });
    expect(soldPlate(plate.state())).toBeNull(); // the first word of a scale is not believed: a hand is still there
    expect(plate.takeTare()).toBe(false);
    now = rest(plate, 652, now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 412 }]);
  });

  it('is never taken off with its food, and its tare ends with it', () => {
    const plate = new Plate(450);
    let now = rest(plate, 652, 0);
    expect(plate.takeTare()).toBe(false); // no empty plate weighs that much
    now = rest(plate, 240, now);
    expect(plate.takeTare()).toBe(true);
    now = rest(plate, 0, now); // away to be filled
    expect(plate.state().tareGrams).toBe(240);
    now = rest(plate, 640, now);
    plate.paid();
    now = rest(plate, 0, now);
    expect(plate.state().tareGrams).toBe(0);
    now = rest(plate, 240, now);
    plate.takeTare();
    now = rest(plate, 0, now);
    plate.read({ grams: 0, stable: true }, now + 60_000); // nobody came back
    expect(plate.state().tareGrams).toBe(0);
  });

  it('is sold once, and the next one only when it was lifted off', () => {
    const plate = new Plate();
    let now = rest(plate, 412, 0);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 412 }]);
    plate.paid();
    expect(soldPlate(plate.state())).toBeNull();
    now = rest(plate, 420, now); // a spoon is put down beside it
    expect(soldPlate(plate.state())).toBeNull();
    now = rest(plate, 0, now);
    rest(plate, 390, now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 390 }]);
  });

  it('stays sold, with its tare, over a silence of the scale, and what weighs otherwise then is another one', () => {
    const plate = new Plate();
    let now = rest(plate, 200, 0);
    plate.takeTare();
    now = rest(plate, 612, now);
    plate.resume();
    expect(rest(plate, 612, now)).toBeGreaterThan(now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 412 }]); // the china is in nobody's grams
    plate.paid();
    plate.resume();
    now = rest(plate, 612, now + 2000);
    expect(soldPlate(plate.state())).toBeNull();
    plate.resume();
    rest(plate, 390, now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 390 }]);
  });

  it('is the next one’s though soup of the one before is left on the pan', () => {
    const plate = new Plate();
    let now = rest(plate, 412, 0);
    plate.paid();
    now = rest(plate, 30, now);
    expect(plate.state().sold).toBe(false);
    rest(plate, 430, now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 430 }]);
  });

  it('is the next one’s where it follows before the pan came to rest, and not where the paid one is put back', () => {
    const plate = new Plate();
    let now = rest(plate, 412, 0);
    plate.paid();
    plate.read({ grams: 3, stable: false }, now);
    now = rest(plate, 405, now + 100);
    expect(soldPlate(plate.state())).toBeNull();
    plate.read({ grams: 3, stable: false }, now);
    rest(plate, 520, now + 100);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 520 }]);
  });

  it('is still the paid one while a part of it lies there, until what lies there is tared', () => {
    const plate = new Plate();
    let now = rest(plate, 412, 0);
    plate.paid();
    now = rest(plate, 200, now); // one of two bowls
    expect(soldPlate(plate.state())).toBeNull();
    expect(plate.takeTare()).toBe(true);
    rest(plate, 450, now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: null, grams: 250 }]);
  });

  it('stays the paid one when it is tared itself', () => {
    const plate = new Plate();
    const now = rest(plate, 412, 0);
    plate.paid();
    expect(plate.takeTare()).toBe(true);
    expect(plate.state().sold).toBe(true);
    rest(plate, 0, now);
    expect(plate.state()).toMatchObject({ sold: false, tareGrams: 0 });
  });

  it('tells dishes apart by what was added, and the rest is mixed', () => {
    const plate = new Plate();
    let now = rest(plate, 150, 0);
    expect(plate.name('fish')).toBe(true);
    expect(plate.name('rice')).toBe(false); // nothing was added
    now = rest(plate, 250, now);
    expect(plate.name('rice')).toBe(true);
    now = rest(plate, 280, now);
    expect(soldPlate(plate.state())).toEqual([{ dishId: 'fish', grams: 150 }, { dishId: 'rice', grams: 100 }, { dishId: null, grams: 30 }]);
    rest(plate, 200, now); // something went back: nobody knows of which dish
    expect(soldPlate(plate.state())).toBeNull();
  });

  it('is forgotten when it is lifted off', () => {
    const plate = new Plate();
    const now = rest(plate, 150, 0);
    plate.name('fish');
    rest(plate, 0, now);
    expect(plate.state()).toMatchObject({ grams: 0, dishes: [] });
  });

  it('never shows less than nothing', () => {
    const plate = new Plate();
    const now = rest(plate, 240, 0);
    plate.takeTare();
    rest(plate, 0, now);
    expect(plate.state().grams).toBe(0);
    expect(soldPlate(plate.state())).toBeNull();
  });
});

it.each([
  [[{ dishId: null, grams: 412 }], true], [[{ dishId: null, grams: 415 }], true], [[{ dishId: null, grams: 417 }], false], [[{ dishId: null, grams: 900 }], false], [[], false],
  [[{ dishId: 'D', grams: 412 }], false], [[{ dishId: null, grams: 200 }, { dishId: null, grams: 212 }], true], [[{ dishId: null, grams: 412 }, { dishId: 'D', grams: 150 }], false],
] as [{ dishId: string | null; grams: number }[], boolean][])('a plate of 412 g is untouched where the scale then shows %j: %s', (then, same) => {
  expect(isSamePlate([{ dishId: null, grams: 412 }], then)).toBe(same);
  expect(isSamePlate(then, [{ dishId: null, grams: 412 }])).toBe(same);
});
