/** Compound surnames that still occur; any other name has a surname of one character. */
const COMPOUND_SURNAMES = [
  '欧阳', '司马', '上官', '诸葛', '司徒', '东方', '皇甫', '尉迟', '公孙', '慕容', '令狐', '宇文', '长孙', '端木', '夏侯', '淳于', '申屠',
];

/** The name as a public screen may show it: surname and title, `王先生` or `欧阳女士`. */
export function maskName(name: string, sex: string): string {
  const characters = [...name.trim()];
  const compound = COMPOUND_SURNAMES.includes(characters.slice(0, 2).join('')) && characters.length > 2;
  const surname = characters.slice(0, compound ? 2 : 1).join('');
  return `${surname}${sex === 'M' ? '先生' : '女士'}`;
}
