import { expect, test } from "bun:test";
import { certificateNumber } from "@evx/proof";
import jsQr from "jsqr";
import QrCode from "qrcode";
import { numberIn } from "./number-in.ts";

const number = certificateNumber("crt_01k9qf0000abcdefghjkmnpqrs", 2026);

/** A QR code as a camera's picture: 6 pixels a module, white around it. */
const photographed = (text: string) => {
  const { modules } = QrCode.create(text);
  const [scale, quiet] = [6, 4];
  const side = (modules.size + quiet * 2) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [row, column] = [Math.floor(y / scale) - quiet, Math.floor(x / scale) - quiet];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      if (inside && modules.get(row, column)) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  return { pixels, side };
};

test("the camera reads our QR code as the certificate's number", () => {
  const { pixels, side } = photographed(`https://evx.example/c/${number}?from=qr`);
  expect(numberIn(jsQr(pixels, side, side)?.data ?? "")).toBe(number);
});

test("a bare number is read, and a code of somebody else's is not", () => {
  expect(numberIn(` ${number.toLowerCase()} `)).toBe(number);
  expect(numberIn("https://evx.example/marketplace")).toBeNull();
  expect(numberIn(`https://evx.example/c/${number.slice(0, -1)}`)).toBeNull();
  expect(numberIn("WIFI:S:cafe;;")).toBeNull();
});
