import { expect, test } from "bun:test";
import { catalogue, classKnown, findModels } from "./catalogue.ts";

test("a class that is not given comes from the catalogue or the maker; what they do not know is left open", () => {
  const kinds = [
    ["Renault", "Twizy 80"],
    ["citroen", "AMI"],
    ["VinFast", "Feliz S"],
    ["Ford", "E-Transit"],
    ["Tesla", "Model 3"],
    ["Renault", "Twizymore"],
    ["YADEA", "Something new"],
  ].map(([make = "", model = ""]) => classKnown(make, model));
  expect(kinds).toEqual(["quadricycle", "quadricycle", "motorcycle", "van", null, null, "motorcycle"]);
});

test("models are found by the beginnings of words, in any order and without accents", () => {
  expect(findModels("vf 8").map((entry) => entry.model)).toContain("VF 8");
  expect(findModels("skoda eny").length).toBe(3);
  expect(findModels("8 vinf").map((entry) => entry.model)).toEqual(["VF 8"]);
  expect(findModels("zzz")).toEqual([]);
  for (const entry of catalogue) {
    expect(entry.batteryKwh, entry.model).toBeGreaterThan(1);
    expect(entry.kwhPer100Km, entry.model).toBeGreaterThan(1);
  }
});
