/** What makes a secret of ours one: that it cannot be guessed, and that it opens one thing. */

/** What people type where they are asked for a secret. None of it makes a guess harder. */
const words =
  /pass(word|phrase)|secret|admin|change-?me|qwerty(uiop)?|asdfgh(jkl)?|zxcvbn(m)?|letmein|welcome|default|example|testing|production|signing|auth|token|key/gi;

/** The shortest piece of which a text is nothing but repetitions; the text itself where there is none. */
const unitOf = (text: string): string => {
  for (let length = 1; length <= text.length / 2; length++) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
  }
  return text;
};

/** Without characters that merely go on as the two before them do: aaaa, abcd, 4321. */
const withoutRuns = (text: string): string => {
  const codes = [...text].map((char) => char.charCodeAt(0));
  const step = (at: number): number => (codes[at] ?? 0) - (codes[at - 1] ?? 0);
  return [...text].filter((_, at) => at < 2 || Math.abs(step(at)) > 1 || step(at) !== step(at - 1)).join("");
};

/** At most so many bits a reader of the text can count in it; a random one of 24 hexadecimal digits has about 70. */
const bitsOf = (text: string): number => {
  const told = withoutRuns(unitOf(text).replace(words, ""));
  const counts = new Map<string, number>();
  for (const char of told) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / told.length);
  return bits;
};

const leastBits = 45;

export const partsOf = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

/** Whether each of the secrets in a setting is hard to guess. */
export const isHardToGuess = (text: string): boolean =>
  partsOf(text).every((part) => bitsOf(part) >= leastBits);

export const easySentence =
  "is easy to guess: make one of random characters, such as by openssl rand -base64 32";

/** Settings that each open something of their own. */
const apart = [
  "AUTH_SECRET",
  "DATA_KEYS",
  "SIGNING_KEY",
  "LOG_KEY",
  "METRICS_TOKEN",
  "MAIL_REPORTS_TOKEN",
  "DATABASE_PASSWORD",
] as const;

/** Shorter texts may stand in longer ones by accident. */
const telling = 12;

/**
 * One line for each setting whose secret stands in another one too, or twice in its own: whoever learns what signs people in
 * must not be able to sign certificates, and a rotation to the same secret is none.
 */
export const secretsApart = (
  config: { readonly [Name in (typeof apart)[number]]?: string | undefined },
): string[] => {
  const found: string[] = [];
  const seen: { name: string; part: string }[] = [];
  for (const name of apart)
    for (const part of partsOf(config[name] ?? "")) {
      const other = seen.find(
        (one) =>
          one.part === part ||
          (Math.min(one.part.length, part.length) >= telling &&
            (one.part.includes(part) || part.includes(one.part))),
      );
      if (other)
        found.push(
          other.name === name
            ? `${name} names the same secret twice: a rotation needs a new one`
            : `${name} is the secret that ${other.name} has: each needs one of its own`,
        );
      seen.push({ name, part });
    }
  return [...new Set(found)];
};
