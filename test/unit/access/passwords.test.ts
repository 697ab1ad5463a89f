import { networkPlace } from '../../../src/modules/access/login-throttle.js';
import { hashPassword, isEasyPassword, passwordMatches, temporaryPassword } from '../../../src/modules/access/passwords.js';

describe('a password', () => {
  it.each([
    ['aaaaaaaaaaaa', true], ['121212121212', true], ['password1234', true], ['zhang.wei2026', true], ['Rehufan12345', true],
    ['a warm bowl at noon', false], ['steamed fish on tuesday', false], ['这是一个很长的密码句子呀', false],
  ])('%s is easy to guess: %s', (password, easy) => expect(isEasyPassword(password, 'zhang.wei')).toBe(easy));

  it('matches its own hash only, and never nobody’s', async () => {
    const stored = await hashPassword('a warm bowl at noon');
    expect(await passwordMatches('a warm bowl at noon', stored)).toBe(true);
    expect(await passwordMatches('a warm bowl at Noon', stored)).toBe(false);
    expect(await passwordMatches('nobody signs in with this', null)).toBe(false);
    expect(await hashPassword('a warm bowl at noon')).not.toBe(stored);
  });

  it('given out once is long, readable and never the same', () => {
    const given = Array.from({ length: 200 }, temporaryPassword);
    expect(new Set(given).size).toBe(200);
    for (const password of given) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });
});

describe('a place on the network', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'], ['::ffff:10.0.0.7', '10.0.0.7'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'], ['2001:db8::1', '2001:db8:0:0::/64'], ['::1', '0:0:0:0::/64'], [undefined, 'unknown'],
  ])('%s is %s', (ip, place) => expect(networkPlace(ip)).toBe(place));
});
