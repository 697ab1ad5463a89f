/** `npm run wasm`: assembles src/domain/identity/search/sift.wat into the constant that kiosk and server load. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { projectRoot } from './start/paths.mjs';

const folder = join(projectRoot, 'src/domain/identity/search');
const assembler = await wabt();
const module = assembler.parseWat('sift.wat', readFileSync(join(folder, 'sift.wat'), 'utf8'), { simd: true });
module.validate();
const bytes = Buffer.from(module.toBinary({}).buffer);
const lines = bytes.toString('base64').match(/.{1,120}/g).map((line) => `  '${line}',`);
writeFileSync(join(folder, 'sift-bytes.ts'), `/** sift.wat, assembled by \`npm run wasm\` (${bytes.length} bytes, base64). Not edited by hand. */
export const SIFT_BYTES = [
${lines.join('\n')}
].join('');
`);
process.stdout.write(`sift-bytes.ts: ${bytes.length} bytes\n`);
