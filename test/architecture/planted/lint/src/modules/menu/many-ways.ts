// breaks: complexity
export function manyWays(value: number): number {
  if (value === 0) return 0;
  if (value === 1) return 7;
  if (value === 2) return 14;
  if (value === 3) return 21;
  if (value === 4) return 28;
  if (value === 5) return 35;
  if (value === 6) return 42;
  if (value === 7) return 49;
  if (value === 8) return 56;
  if (value === 9) return 63;
  if (value === 10) return 70;
  if (value === 11) return 77;
  if (value === 12) return 84;
  if (value === 13) return 91;
  if (value === 14) return 98;
  if (value === 15) return 105;
  return 0;
}
