// breaks: module-has-a-door
export class MenuModule {}
