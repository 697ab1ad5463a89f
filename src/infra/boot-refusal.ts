/** Why a process will not serve, for the person at the terminal: a code to look up and a sentence that says what to do. */
export class BootRefusal extends Error {
  constructor(readonly code: string, sentence: string) {
    super(`${code}: ${sentence}`);
    this.name = 'BootRefusal';
  }
}
