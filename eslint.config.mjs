import tseslint from 'typescript-eslint';

const clockAndChance = [
  { object: 'Date', property: 'now', message: 'Inject the clock.' },
  { object: 'Math', property: 'random', message: 'Chance is an argument (seed) or comes from infra.' },
];

/** A reader holds a function in mind, and a file on a few screens. */
const size = {
  // A flat switch counts as one way, whatever the number of its cases.
  complexity: ['error', { max: 15, variant: 'modified' }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
};

export default tseslint.config(
  {
    ignores: ['**/node_modules/**', '**/dist/**', 'data/**', 'keys/**', 'test/architecture/planted/**', '*.mjs',
      '**/*.cjs', '**/vite.config.ts', '**/public/**'],
  },
  {
    files: ['src/**/*.ts', 'migrations/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Fen is a number with a mark; its negation is meant.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      ...size,
    },
  },
  {
    // Pages are type-checked by vue-tsc; here their plain TypeScript is read without types.
    files: ['kiosk/**/*.ts', 'console/**/*.ts', 'ui/**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      ...size,
      // A composable encloses the functions that share its state.
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['scripts/**/*.mjs', 'test/**/*.mjs'],
    rules: { 'no-unused-vars': 'error', 'no-undef': 'off', ...size },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/infra/**'],
    rules: {
      'no-restricted-properties': ['error', ...clockAndChance],
      'no-restricted-imports': ['error', { paths: [{ name: '@nestjs/common', importNames: ['forwardRef'], message: 'Two modules that need each other miss a third.' }] }],
      'no-restricted-globals': ['error', { name: 'parseFloat', message: 'Money is integer fen; measures use Number().' }],
      'no-restricted-syntax': ['error',
        { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'Configuration is parsed once, in infra/config.' },
        { selector: "CallExpression[callee.property.name=/^get(FullYear|Month|Date|Day|Hours|Minutes)$/]", message: 'Local time depends on the machine; use domain/kernel/business-day.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Inject the clock.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
