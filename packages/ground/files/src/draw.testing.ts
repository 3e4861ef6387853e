/** Keeps its thread busy for so long and answers the text, as a page would be drawn. */
export const scribble = async (text: string, busy_ms: number): Promise<Uint8Array<ArrayBuffer>> => {
  const end = performance.now() + busy_ms;
  while (performance.now() < end);
  return new TextEncoder().encode(text);
};
