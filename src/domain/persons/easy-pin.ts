/**
 * Whether a secret of four digits is among those that are tried first: one digit four times, a run up or down, the end of
 * the phone number, the year or the day of birth.
 *
 * @param birthDate YYYY-MM-DD
 */
export function isEasyPin(pin: string, birthDate: string, phone: string): boolean {
  const steps = new Set(Array.from({ length: pin.length - 1 }, (_, index) => Number(pin[index + 1]) - Number(pin[index])));
  const [step = 0] = steps;
  const isRun = steps.size === 1 && Math.abs(step) <= 1;
  const [year = '', month = '', day = ''] = birthDate.split('-');
  return isRun || [phone.slice(-4), year, month + day, day + month].includes(pin);
}
