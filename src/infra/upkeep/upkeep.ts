import { Injectable, Logger } from '@nestjs/common';

/** Regular work that keeps the house in order: purging what has served its time, closing what a day leaves open. */
export interface UpkeepTask {
  readonly name: string;
  /** Must be safe to run at any time, any number of times, on several workers. @returns what was done, as a count */
  run(): Promise<number>;
}

/** Capabilities register their tasks when they start; the worker runs them every hour. */
@Injectable()
export class Upkeep {
  private readonly logger = new Logger(Upkeep.name);
  private readonly tasks: UpkeepTask[] = [];

  register(task: UpkeepTask): void {
    this.tasks.push(task);
  }

  /** Runs every task; one that fails does not keep the others from running. @returns counts by task */
  async runAll(): Promise<Readonly<Record<string, number>>> {
    const done: Record<string, number> = {};
    for (const task of this.tasks) {
      try {
        done[task.name] = await task.run();
      } catch (error) {
        this.logger.error(`upkeep ${task.name} failed: ${(error as Error).message}`);
      }
    }
    return done;
  }
}
