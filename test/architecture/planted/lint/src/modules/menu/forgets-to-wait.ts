// breaks: @typescript-eslint/no-floating-promises
export function begin(work: () => Promise<void>): void {
  work();
}
