// breaks: kebab-case
export const dishes = [];
