export { chunksOf } from "./chunks.ts";
export { decodeText, type Encoding, legacyEncoding, readHead, sniffEncoding } from "./decode.ts";
export { ObjectSplitter } from "./json.ts";
export { cellsOfObject, headerOfObjects } from "./objects.ts";
export { plainly } from "./plain-text.ts";
export { rowLimits } from "./policy.ts";
export { RowSplitter } from "./rows.ts";
export { unpacked } from "./unpacked.ts";
