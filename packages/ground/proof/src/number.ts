const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** ISO 7064 MOD 37,36: catches every wrong character and all but about one in 600 swaps of two neighbours. */
const checkCharacter = (text: string): string => {
  let rest = 36;
  for (const character of text) {
    rest += alphabet.indexOf(character);
    rest = ((rest % 36 || 36) * 2) % 37;
  }
  return alphabet[(37 - rest) % 36] as string;
};

/** A certificate's id: its prefix and 128 bits in lower-case Crockford base 32. */
const certificateId = /^crt_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/**
 * A certificate's number, such as `EVXC-2026-7K3M9-QTRXA-4`: the year of issue, the last 50 bits of its id, and a
 * check character. The same certificate has the same number however often it is made.
 */
export const certificateNumber = (id: string, year: number): string => {
  if (!certificateId.test(id)) throw new RangeError(`${id} is not the id of a certificate`);
  const tail = id.slice(-10).toUpperCase();
  return `EVXC-${year}-${tail.slice(0, 5)}-${tail.slice(5)}-${checkCharacter(`${year}${tail}`)}`;
};

/** Whether a text is a well-formed number: its form and its check character. */
export const isCertificateNumber = (text: string): boolean => {
  const parts = /^EVXC-(\d{4})-([0-9A-Z]{5})-([0-9A-Z]{5})-([0-9A-Z])$/.exec(text);
  return parts !== null && checkCharacter(`${parts[1]}${parts[2]}${parts[3]}`) === parts[4];
};

/** What a person typed or scanned as a number, in its own form: case and spaces do not matter. */
export const readCertificateNumber = (text: string): string => text.trim().toUpperCase().replace(/\s+/g, "");
