import { installPackages, checkNode } from '../start/node-packages.mjs';
import { ensureSystemPackages } from '../start/system-packages.mjs';

/**
 * Runs parts one after the other; a part that fails or breaks does not keep later ones from running. Ends in one
 * line with the sums and sets the exit code.
 * @param {Record<string, {run: () => Promise<{passed: number, failed: number}>, system: object[]}>} parts
 */
export async function runParts(parts) {
  checkNode();
  const begun = process.hrtime.bigint();
  const seconds = () => Math.round(Number(process.hrtime.bigint() - begun) / 1e9);
  const report = [];
  let passed = 0;
  let failed = 0;
  await installPackages();
  await ensureSystemPackages(unique(Object.values(parts).flatMap((part) => part.system)),
    'Tests that need them cannot run without them.').catch((error) => process.stderr.write(`${error.message}\n`));
  for (const [name, part] of Object.entries(parts)) {
    const from = seconds();
    process.stdout.write(`\n== ${name}\n`);
    const counts = await part.run().catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      return { passed: 0, failed: 1 };
    });
    passed += counts.passed;
    failed += counts.failed;
    report.push(`${name.padEnd(14)} ${String(counts.passed).padStart(5)} good ${String(counts.failed).padStart(5)} bad ${String(seconds() - from).padStart(5)} s`);
  }
  process.stdout.write(`\n${report.join('\n')}\nall parts took ${seconds()} s\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

function unique(packages) {
  return [...new Map(packages.map((one) => [one.package, one])).values()];
}
