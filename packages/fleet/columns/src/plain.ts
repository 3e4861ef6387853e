/** A header in one spelling, without accents: "Energy (kWh)" → energy_kwh, "Quãng đường" → quang_duong, "-kWh" → minus_kwh. */
export const plainHeader = (header: string): string =>
  header
    .replace(/^\uFEFF/, "")
    .trim()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .normalize("NFC")
    .replace(/[đĐ]/g, (letter) => (letter === "đ" ? "d" : "D"))
    .replace(/ß/g, "ss")
    .replace(/^-(?=\p{L})/u, "minus_")
    .replace(/^\+(?=\p{L})/u, "plus_")
    .replace(/%/g, " pct ")
    .replace(/#/g, " number ")
    .replace(/(\p{Ll})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/(\p{Ll})(\p{Lu})/gu, (all, low: string, up: string) =>
      /kWh$/.test(`${low}${up}`) ? all : `${low}_${up}`,
    )
    .replace(/k_?W_?h/gi, "kwh")
    .replace(/W_h/g, "wh")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
