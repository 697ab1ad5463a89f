export class RefundMeal {
  async execute(): Promise<void> {}
}
