import { rowLimits } from "./policy.ts";

export type ObjectHandler = {
  object(value: Record<string, unknown>, row: number): void;
  broken(
    row: number,
    code: "row_too_long" | "json_unreadable" | "not_an_object",
    values: Record<string, number>,
  ): void;
};

/** Names of an array that holds the elements; `locations` are a phone's positions, which are refused by that name. */
const wrapper =
  /"(?:results|trips|drives|data|items|records|rows|journeys|semanticSegments|timelineObjects|locations)"\s*:\s*$/;

/**
 * Finds the objects of a JSON file as text streams by, without holding the file: the elements of a top-level array, of
 * the first array of objects inside a top-level object ({"results": [...]}), or one object a line. What follows that array is
 * about something else: charges behind the trips, raw signals behind a timeline.
 */
export class ObjectSplitter {
  /** Elements seen, from 1. */
  row = 0;
  #text = "";
  #at = 0;
  #stack: number[] = [];
  #inString = false;
  #escaped = false;
  #start = -1;
  /** Depth at which elements are opened; known once the first array of objects is. */
  #depth = -1;
  #dropping = false;
  #wrapping = false;
  /** Whether the array that held the elements has ended. */
  #over = false;

  constructor(private readonly handler: ObjectHandler) {}

  push(text: string): void {
    this.#text = this.#start >= 0 ? this.#text.slice(this.#start) + text : text;
    this.#at = this.#start >= 0 ? this.#at - this.#start : 0;
    if (this.#start >= 0) this.#start = 0;
    this.#scan();
    if (this.#start >= 0 && this.#text.length - this.#start > rowLimits.characters) {
      this.#dropping = true;
      this.#start = -1;
    }
  }

  end(): void {
    if (this.#start >= 0 || this.#dropping) {
      this.row++;
      this.handler.broken(this.row, this.#dropping ? "row_too_long" : "json_unreadable", {
        limit: rowLimits.characters,
      });
    }
    this.#start = -1;
  }

  #scan(): void {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === 92) this.#escaped = true;
        else if (code === 34) this.#inString = false;
      } else if (code === 34) this.#inString = true;
      else if (code === 123 || code === 91) this.#opens(code);
      else if (code === 125 || code === 93) this.#closes();
    }
  }

  #opens(code: number): void {
    const depth = this.#stack.length;
    if (code === 123) {
      const top = this.#stack[depth - 1];
      // Elements are objects at the top, in a top-level array, or in an array right inside a top-level object.
      if (this.#depth < 0 && (depth === 0 || top === 91)) this.#depth = depth;
      else if (this.#wrapping && depth === 2 && top === 91) {
        this.#depth = 2;
        this.#wrapping = false;
      }
      if (depth === this.#depth && !this.#dropping && !this.#over) this.#start = this.#at;
    }
    // {"results": [...]} wraps the elements and is none itself.
    if (code === 91 && depth === 1 && this.#depth === 0 && this.row === 0 && this.#start >= 0) {
      this.#wrapping = wrapper.test(this.#text.slice(Math.max(this.#start, this.#at - 40), this.#at));
      if (this.#wrapping) this.#start = -1;
    }
    this.#stack.push(code);
  }

  #closes(): void {
    this.#stack.pop();
    if (this.#depth === 2 && this.#stack.length === 1 && this.row > 0) this.#over = true;
    if (this.#stack.length !== this.#depth || this.#over) return;
    if (this.#dropping) {
      this.#dropping = false;
      this.row++;
      this.handler.broken(this.row, "row_too_long", { limit: rowLimits.characters });
      return;
    }
    if (this.#start < 0) return;
    const element = this.#text.slice(this.#start, this.#at + 1);
    this.#start = -1;
    this.row++;
    try {
      this.handler.object(JSON.parse(element) as Record<string, unknown>, this.row);
    } catch {
      this.handler.broken(this.row, "json_unreadable", {});
    }
  }
}
