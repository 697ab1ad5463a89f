/** Types of children.mjs for the tests that run real processes. */
export interface ChildEntry {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Set before a death that is wanted, so that it is not reported. */
  expected?: boolean;
  /** How it ended, once it has. */
  over?: string;
}

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  logFile: string;
  signal?: NodeJS.Signals;
  graceMs?: number;
  onDeath?: (description: string) => void;
}

export class Children {
  constructor(options?: { clearAtDeath?: string });
  start(options: ChildOptions): ChildEntry;
  stop(entry: ChildEntry): Promise<void>;
  stopAll(onStop?: (name: string) => void): Promise<void>;
}

export function lastLines(path: string, count?: number): string;
