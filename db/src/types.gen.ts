export type JsonInput = string | { readonly [key: string]: unknown };
export interface Database {}
