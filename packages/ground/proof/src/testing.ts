/** Registries and files made for the tests of whoever leans on this room. */
export { at, batch, certificate, type Entry, keyEntry, registryOf, standing } from "./monitor.testing.ts";
export { makeVectors } from "./vectors.testing.ts";
export { bundle, good, holding, signed, written } from "./vectors-world.testing.ts";
