/**
 * Words that somebody typed, as they may stand in a letter to others: on one line, and with nothing in them that a mail
 * program turns into a link. What reads as an address is parted: "https://evil.example" is "https: / / evil. example".
 */
export const withoutLinks = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    // A scheme, also one of few letters (tel:, mailto:); times of day keep their colon.
    .replace(/(?<=\p{L}):(?=\S)/gu, ": ")
    .replace(/\/(?=\/)/g, "/ ")
    // A name of the domain system, in every dot that browsers take for one; numbers keep theirs.
    .replace(/(?<=\S)([.。．｡])(?=\p{L})/gu, "$1 ")
    .replace(/(?<=\S)@(?=\S)/g, " @ ");
