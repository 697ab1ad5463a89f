import { SeededRandom } from '../../../src/domain/kernel/seeded-random.js';

describe('SeededRandom', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: string): number[] => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 20 }, () => random.uint32());
    };
    expect(draw('street-1')).toEqual(draw('street-1'));
    expect(draw('street-1')).not.toEqual(draw('street-2'));
  });

  it('keeps its numbers across releases, because generated data must not move', () => {
    const random = new SeededRandom('rehufan');
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([646455539, 3814589260, 2357210958]);
  });

  it('forks streams that leave the parent untouched', () => {
    const plain = new SeededRandom('a');
    const forked = new SeededRandom('a');
    forked.fork('people').next();
    expect(forked.next()).toBe(plain.next());
    expect(forked.fork('x').next()).not.toBe(forked.fork('y').next());
  });

  it('is even over its range', () => {
    const random = new SeededRandom('even');
    const counts = Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const bin = random.int(0, 9);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
  });

  it('draws in proportion to weights and never an item of weight 0', () => {
    const random = new SeededRandom('weights');
    let first = 0;
    for (let draw = 0; draw < 10_000; draw += 1) {
      const value = random.weighted([['a', 3], ['never', 0], ['b', 1]]);
      expect(value).not.toBe('never');
      if (value === 'a') first += 1;
    }
    expect(first / 10_000).toBeCloseTo(0.75, 1);
  });

  it('has the moments of a normal distribution', () => {
    const random = new SeededRandom('normal');
    const values = Array.from({ length: 20_000 }, () => random.normal(10, 2));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 10)).toBeLessThan(0.06);
    expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.06);
  });

  it('shuffles without losing an item', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = new SeededRandom('cards').shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });

  it('refuses what cannot be drawn', () => {
    const random = new SeededRandom('none');
    expect(() => random.pick([])).toThrow('empty');
    expect(() => random.int(2, 1)).toThrow('no integer');
    expect(() => random.weighted([['a', 0]])).toThrow('positive sum');
  });
});
