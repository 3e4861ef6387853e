/** What other rooms may call. */
export {};
