// breaks: no-drawer-of-odds-and-ends
export const format = String;
