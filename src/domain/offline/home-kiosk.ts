/**
 * The one kiosk of a point that may sell to a person without network, so that two kiosks that do not hear each other
 * cannot both spend one allowance: the kiosk with the highest score for this person (rendezvous hashing). Adding or
 * removing a kiosk moves only that kiosk's people.
 *
 * @param kioskIds not empty; their order does not matter
 */
export function homeKioskOf(personCode: string, kioskIds: readonly string[]): string | null {
  let best: { id: string; score: number } | null = null;
  for (const id of [...kioskIds].sort()) {
    const score = scoreOf(`${id}/${personCode}`);
    if (best === null || score > best.score) best = { id, score };
  }
  return best?.id ?? null;
}

/** FNV-1a with a final mix, 32 bits: spreads, proves nothing. */
function scoreOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
