// breaks: tests-are-found
describe('something', () => {});
