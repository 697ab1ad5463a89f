/** Types of ports.mjs for the tests that run real processes. */
export function isFree(port: number, host?: string): Promise<boolean>;
export function anyFreePort(): Promise<number>;
export function accepts(host: string, port: number, timeoutMs?: number): Promise<boolean>;
