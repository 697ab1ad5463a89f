/** Types of redis.mjs for the tests that run real processes. */
import type { ChildEntry, Children } from './children.mjs';

export function startRedis(options: {
  children: Children; folder: string; run: string; logs: string; settings?: readonly string[];
  onDeath?: (description: string) => void;
}): Promise<{ url: string; entry: ChildEntry; port: number; recovered: boolean }>;
