/**
 * A body as text, read as it comes; null where it has more bytes than that, however many it would have brought: what
 * strangers send is never held whole before it is known to be short.
 */
export const textUpTo = async (
  { body }: { readonly body: ReadableStream<Uint8Array> | null },
  mostBytes: number,
): Promise<string | null> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    if (length > mostBytes) {
      // Whoever sends on is not waited for.
      reader?.cancel().catch(() => {});
      return null;
    }
    parts.push(part.value);
  }
  return Buffer.concat(parts).toString();
};
