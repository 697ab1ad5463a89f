// breaks: @typescript-eslint/no-explicit-any
export const same = (value: any): unknown => value;
