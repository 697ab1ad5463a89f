import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { CLAW_BACK_STATES, LIFE_EVENT_KINDS } from '../../src/contract/life-events.js';
import { dictionary } from '../../ui/dictionary/index.js';
import { filesBelow, root } from './planted-tree.js';

/** What the open ends of composed actions stand for. A new composition needs a line here. */
const COMPOSED: Readonly<Record<string, readonly string[]>> = {
  'money-request.': ['done', 'refused'],
  'stop.': ['delivered', 'absent', 'refused'],
  'special-senior.': ['community', 'approved', 'refused'],
  'life-event.': LIFE_EVENT_KINDS,
  'life-event.undo-': ['done', 'refused'],
  'claw-back.': CLAW_BACK_STATES.filter((state) => state !== 'open'),
  'delivery-offer.': ['accepted', 'declined'],
  'exception.': ['assigned', 'commented', 'closed'],
  'objection.': ['upheld', 'rejected'],
  'paper-line.check-': ['confirmed', 'denied', 'not-reached'],
  'portions.': ['accepted', 'taken-back'],
  'exception-claw-back.': ['approved', 'refused'],
};

/** Every action that the sources write to the audit record: values named `action`, and arguments for parameters of that name. */
function actionsIn(sources: ReadonlyMap<string, string>): Set<string> {
  const trees = [...sources].map(([name, text]) => ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true));
  const everywhere = new Map<string, Set<number>>();
  const actions = new Set<string>();
  for (const tree of trees) visit(tree, (node) => {
    if (!ts.isFunctionLike(node) || node.name === undefined) return;
    node.parameters.forEach((parameter, index) => {
      if (parameter.name.getText() !== 'action') return;
      const name = node.name?.getText() ?? '';
      everywhere.set(name, (everywhere.get(name) ?? new Set()).add(index));
    });
  });
  const take = (value: ts.Expression): void => {
    if (ts.isStringLiteralLike(value)) actions.add(value.text);
    else if (ts.isConditionalExpression(value)) [value.whenTrue, value.whenFalse].forEach(take);
    else if (ts.isTemplateExpression(value)) {
      for (const end of COMPOSED[value.head.text] ?? ['(no line in COMPOSED)']) actions.add(`${value.head.text}${end}`);
    }
  };
  for (const tree of trees) visit(tree, (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'action') take(node.initializer);
    if (!ts.isCallExpression(node)) return;
    const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
    for (const index of everywhere.get(called) ?? []) if (node.arguments[index] !== undefined) take(node.arguments[index]);
  });
  return new Set([...actions].filter((action) => /^[a-z-]+\.[a-z(]/.test(action)));
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

const unworded = (actions: ReadonlySet<string>): string[] => [...actions].filter((action) => !(`audit.action.${action}` in dictionary)).sort();

describe('the words of the audit record', () => {
  const sources = new Map(filesBelow(join(root, 'src'), new Set())
    .filter((file) => /^(modules|infra)\/.*\.ts$/.test(file)).map((file) => [file, readFileSync(join(root, 'src', file), 'utf8')]));

  it('has one in both languages for every action that the code writes', () => {
    const actions = actionsIn(sources);
    expect(actions.size).toBeGreaterThan(50);
    for (const known of ['trip.left', 'stop.absent', 'standing-plan.paused', 'senior.created', 'access.denied']) expect(actions).toContain(known);
    expect(unworded(actions)).toEqual([]);
  });

  it('finds an action without words: written as a value, handed to a function, chosen or composed', () => {
    const planted = new Map([['planted.ts', `
      class Planted {
        private note(tx: object, action: string): void { audit.record({ action, outcome: 'done' }); }
        run(tx: object, yes: boolean, what: string): void {
          audit.record({ action: 'planted.value', outcome: 'done' });
          this.note(tx, 'planted.argument');
          this.note(tx, yes ? 'planted.chosen' : 'planted.other');
          audit.record({ action: \`planted.\${what}\` });
        }
      }`]]);
    expect(unworded(actionsIn(planted))).toEqual(['planted.(no line in COMPOSED)', 'planted.argument', 'planted.chosen', 'planted.other', 'planted.value']);
  });
});
