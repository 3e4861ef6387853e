/** Digits of other scripts, each block by its zero, and what Arabic and full-width writing put between them. */
const zeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10,
];
const others = new RegExp(
  `[${zeros.map((zero) => `${String.fromCharCode(zero)}-${String.fromCharCode(zero + 9)}`).join("")}]`,
);
const written = new RegExp(`${others.source.slice(0, -1)}\u066b\u066c\uff0e\uff1a\uff0f\uff0d\u3000]`, "g");
const marks: Readonly<Record<string, string>> = {
  "\u066b": ".",
  // A thousands separator must not become a comma: that may be what parts the cells.
  "\u066c": "'",
  "\uff0e": ".",
  "\uff1a": ":",
  "\uff0f": "/",
  "\uff0d": "-",
  "\u3000": " ",
};

const digitOf = (letter: string): string => {
  const code = letter.charCodeAt(0);
  const zero = zeros.find((first) => code >= first && code <= first + 9);
  return zero === undefined ? (marks[letter] ?? letter) : String(code - zero);
};

/**
 * What makes a text plain, told by its beginning: zero bytes (a logger that lost its power leaves them) are left out, and
 * digits of other scripts become ours, so that whoever reads numbers and times knows one kind.
 */
export const plainly = (beginning: string): ((text: string) => string) => {
  const foreign = others.test(beginning);
  return (text) => {
    const whole = text.includes("\0") ? text.replaceAll("\0", "") : text;
    return foreign ? whole.replace(written, digitOf) : whole;
  };
};
