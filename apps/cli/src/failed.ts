/** A command's end that is no success: a sentence for the person, and the answer for a script where there is one. */
export class Failed extends Error {
  override readonly name = "Failed";

  constructor(
    sentence: string,
    readonly answer?: unknown,
  ) {
    super(sentence);
  }
}
