// breaks: no-restricted-syntax
export const port = (): string | undefined => process.env['PORT'];
