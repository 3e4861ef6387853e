import { ink, type Sheet, write } from "@evx/files";
import type { CertificateFile } from "@evx/proof";
import { drawSeal, sealDigest, sealRootOf } from "@evx/seal";

/** The pairs of `--seal-0a` to `--seal-5b` as they are on a light ground. */
const inks = [
  ["#00614a", "#a76b00"],
  ["#1c5a8a", "#00735a"],
  ["#7a2f63", "#1b6b55"],
  ["#8a4a12", "#2f4a9e"],
  ["#3d3f9c", "#a3541a"],
  ["#0f5d6b", "#8b2f55"],
] as const;

/** Numbers of the batches behind a certificate, as its serials name them. */
export const batchesOf = ({ certificate }: CertificateFile): string =>
  [...new Set(certificate.lots.map(({ serial }) => serial.split("-").at(-3) ?? serial))].join(", ");

/**
 * The seal of a certificate's batches, by the same path strings as on its page and its card, with its name beneath.
 * Nothing where a batch has no root. Leaves the sheet's place as it was.
 */
export const batchSeal = async (
  doc: Sheet,
  file: CertificateFile,
  at: { x: number; y: number; size_pt: number; name: string },
): Promise<boolean> => {
  const root = await sealRootOf(file.certificate.lots.map((lot) => lot.root));
  if (!root) return false;
  const place = doc.y;
  const { paths, pair } = drawSeal(await sealDigest(root), 200);
  const [a, b] = inks[pair] ?? inks[0];
  doc.save();
  doc.translate(at.x, at.y).scale(at.size_pt / 200);
  for (const { d, ink: which, width } of paths) {
    const colour = which === "b" ? b : a;
    doc.path(d);
    if (width === undefined) doc.fill(colour);
    else doc.lineWidth(width).stroke(colour);
  }
  doc.restore();
  write(doc, at.name, at.x - 12, at.y + at.size_pt + 2, {
    size: 7.5,
    colour: ink.soft,
    width: at.size_pt + 24,
    align: "center",
  });
  doc.y = place;
  return true;
};
