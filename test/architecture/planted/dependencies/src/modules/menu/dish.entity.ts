export class DishEntity { id = ''; }
