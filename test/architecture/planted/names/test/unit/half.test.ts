// breaks: no-test-is-left-out
describe('something', () => {
  it.skip('is not looked at', () => {});
});
