import { ref, type Ref } from 'vue';
import type { Screen } from './screen.js';

const candidateOf = (screen: Screen): unknown => ('candidate' in screen ? screen.candidate : null);

/** What became of a payment stays where it is; else nobody has left while the same question stands there for the same person. */
const isSameVisit = (from: Screen, now: Screen): boolean => now === from || now.name === 'checking' || (now.name === from.name && candidateOf(now) === candidateOf(from));

/**
 * One request at a time for whoever stands there. Its answer is theirs: once they have left the screen from which they
 * asked, it is nobody's, and whoever came next waits for none of it.
 */
export class OneVisit {
  /** Somebody waits here for an answer. */
  readonly busy: Ref<boolean> = ref(false);

  private waits: { readonly from: Screen; left: boolean } | null = null;

  /** Told of each screen as it is shown. */
  shows(screen: Screen): void {
    if (this.waits === null || isSameVisit(this.waits.from, screen)) return;
    this.waits.left = true;
    this.waits = null;
    this.busy.value = false;
  }

  /**
   * @param from what is on the glass
   * @param failed told of what went wrong, where whoever asked is still there
   * @returns undefined where it failed, where somebody waits already, and where whoever asked has left meanwhile
   */
  async asked<Answer>(from: Screen, work: () => Promise<Answer>, failed: (reason: unknown) => void): Promise<Answer | undefined> {
    if (this.busy.value) return undefined;
    const mine = { from, left: false };
    this.waits = mine;
    this.busy.value = true;
    try {
      const answer = await work();
      return mine.left ? undefined : answer;
    } catch (reason) {
      if (!mine.left) failed(reason);
      return undefined;
    } finally {
      if (this.waits === mine) {
        this.waits = null;
        this.busy.value = false;
      }
    }
  }
}
