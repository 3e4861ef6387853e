import sax from "sax";
import { refuse } from "./errors.ts";

const encoder = new TextEncoder();

const header = "time,latitude,longitude,activity,gpx_part\n";

/** Coordinates and times are short: a longer text is none of them. */
const longest = 64;
/** Elements inside one another; a track has five. */
const deepest = 50;

/** What may be said of an XML file that is no GPX. */
const refuseRoot = (root: string): never => {
  if (/^(kml|tcx|trainingcenterdatabase)$/i.test(root))
    throw refuse("import_track_without_times", { kind: root.toUpperCase().slice(0, 10) });
  throw refuse("import_xml_unknown", { root: root.slice(0, 40) });
};

/** Reads a track's points as a table with a time in each row, as the XML streams by. Entities are never expanded. */
class PointReader {
  readonly #parser = sax.parser(true, { trim: false, position: true });
  readonly #rows: string[] = [];
  #root = "";
  #depth = 0;
  #point: { lat: string; lon: string; time: string } | null = null;
  #text: string | null = null;
  /** What a track says of itself: "driving", "running". */
  #kind = "";
  #part = 0;
  #points = 0;
  #timed = 0;
  #failure: Error | null = null;

  constructor() {
    const parser = this.#parser;
    parser.ondoctype = () => this.#fail(refuse("import_xml_entities"));
    parser.onerror = () => this.#fail(refuse("import_xml_broken", { line: parser.line + 1 }));
    parser.onopentag = ({ name, attributes }) => this.#opened(name.replace(/^.*:/, ""), attributes);
    parser.ontext = (text) => {
      if (this.#text !== null && this.#text.length < longest) this.#text += text;
    };
    parser.onclosetag = (name) => this.#closed(name.replace(/^.*:/, ""));
  }

  push(text: string): void {
    this.#parser.write(text);
    // The parser would go on after an error; a file that is broken or hostile ends here.
    if (this.#failure) throw this.#failure;
  }

  take(): string {
    const rows = this.#rows.join("");
    this.#rows.length = 0;
    return rows;
  }

  end(): void {
    this.#parser.close();
    if (this.#failure) throw this.#failure;
    if (this.#root === "") throw refuse("import_empty");
    if (this.#timed === 0)
      throw this.#points === 0
        ? refuse("import_no_rows")
        : refuse("import_track_without_times", { kind: "GPX" });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#parser.error = null as unknown as Error;
  }

  #opened(name: string, attributes: Record<string, unknown>): void {
    if (++this.#depth > deepest) this.#fail(refuse("import_xml_broken", { line: this.#parser.line + 1 }));
    if (this.#root === "") {
      this.#root = name;
      try {
        if (name.toLowerCase() !== "gpx") refuseRoot(name);
      } catch (error) {
        this.#fail(error as Error);
      }
    }
    if (name === "trk") this.#kind = "";
    if (name === "trkseg") this.#part++;
    if (name === "trkpt") {
      this.#points++;
      this.#point = { lat: String(attributes.lat ?? ""), lon: String(attributes.lon ?? ""), time: "" };
    }
    if ((name === "time" && this.#point) || (name === "type" && this.#point === null)) this.#text = "";
  }

  #closed(name: string): void {
    this.#depth--;
    if (name === "time" && this.#point && this.#text !== null) {
      this.#point.time = this.#text.trim();
      this.#text = null;
    }
    if (name === "type" && !this.#point && this.#text !== null) {
      this.#kind = this.#text.trim();
      this.#text = null;
    }
    if (name !== "trkpt" || !this.#point) return;
    const { time, lat, lon } = this.#point;
    const cells = [time, lat, lon, this.#kind].map((cell) =>
      cell.slice(0, longest).replace(/[",\r\n]/g, " "),
    );
    if (time !== "") this.#timed++;
    this.#rows.push(`${cells.join(",")},${this.#part}\n`);
    this.#point = null;
  }
}

/** A GPX file as the table of its points. Refuses other XML by its root, and any document type of its own. */
export async function* xmlText(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new PointReader();
  const decoder = new TextDecoder();
  let headed = false;
  for await (const chunk of content) {
    reader.push(decoder.decode(chunk, { stream: true }));
    const rows = reader.take();
    if (rows === "") continue;
    yield encoder.encode(headed ? rows : `${header}${rows}`);
    headed = true;
  }
  reader.push(decoder.decode());
  reader.end();
  const rows = reader.take();
  if (rows !== "") yield encoder.encode(headed ? rows : `${header}${rows}`);
}
