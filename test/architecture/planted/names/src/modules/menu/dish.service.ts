// breaks: suffix-is-a-framework-role
export class Dishes {}
