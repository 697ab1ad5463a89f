// breaks: use-case-named-like-its-file
export class SellMeal {
  execute(): void {}
}
