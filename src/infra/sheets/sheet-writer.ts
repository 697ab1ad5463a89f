import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { sheetFile, type SheetPlan } from './sheet-file.js';

/** Writes sheets in a thread of its own: a month of meals takes seconds of computing, and kiosks pay meanwhile. */
@Injectable()
export class SheetWriter {
  private readonly threadFile = fileURLToPath(new URL('./sheet-thread.js', import.meta.url));
  /** One sheet at a time, so that impatient clicks cannot fill the memory. */
  private last: Promise<unknown> = Promise.resolve();

  write(plan: SheetPlan): Promise<Buffer> {
    const mine = this.last.then(() => (existsSync(this.threadFile) ? this.inThread(plan) : sheetFile(plan)));
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** Where the sources run uncompiled (the test runner compiles in memory), a thread would have no file to load. */
  private inThread(plan: SheetPlan): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.threadFile, { workerData: plan });
      worker.once('message', (bytes: Uint8Array) => resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`sheet thread ended with code ${code}`)));
    });
  }
}
