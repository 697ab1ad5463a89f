import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { type LinearAnswer, solveProgram } from './solve-program.js';

/** Solves in a thread of its own, one question after the other: it computes for seconds, and kiosks pay meanwhile. */
@Injectable()
export class MenuSolver {
  private readonly threadFile = fileURLToPath(new URL('./menu-solver-thread.js', import.meta.url));
  private last: Promise<unknown> = Promise.resolve();

  solve(program: string): Promise<LinearAnswer> {
    // Where the sources run uncompiled (the test runner compiles in memory), a thread would have no file to load.
    const answer = this.last.then(() => (existsSync(this.threadFile) ? this.inThread(program) : solveProgram(program)));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private inThread(program: string): Promise<LinearAnswer> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.threadFile, { workerData: program });
      worker.once('message', (answer: LinearAnswer) => resolve(answer));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`menu thread ended with code ${code}`)));
    });
  }
}
