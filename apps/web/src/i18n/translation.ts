/** What a Vietnamese dictionary must be: the same keys as the English one, each a text. */
export type Translation<En> = { readonly [K in keyof En]: string };
