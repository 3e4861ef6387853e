import { Refusal } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { turn } from "./turns.ts";
import { held, unzipped } from "./zip.ts";

/** Archives that are a document of some program, by a file within, with the name a person would give them. */
const documents: readonly [string, RegExp][] = [
  ["Excel (.xlsb)", /^xl\/workbook\.bin$/],
  ["Word", /^word\/document\.xml$/],
  ["PowerPoint", /^ppt\/presentation\.xml$/],
  ["OpenDocument", /^content\.xml$/],
  ["Apple Numbers", /^Index\/Document\.iwa$/],
  ["KMZ", /\.kml$/i],
];
const packed = /\.(zip|gz|tgz|tar|bz2|xz|rar|7z|kmz)$/i;
/** What a packing program adds: folders, and a Mac's own notes. */
const besides = /\/$|^__MACOSX\/|(^|\/)\._|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

/** Names to tell somebody: without their folders, and not all of a thousand. */
const shown = (names: readonly string[]): string =>
  names
    .slice(0, 5)
    .map((name) => name.slice(name.lastIndexOf("/") + 1).slice(0, 60))
    .join(", ") + (names.length > 5 ? ", …" : "");

const isWorkbook = (names: readonly string[]): boolean => names.includes("xl/workbook.xml");

/** The one file that an archive holds; refuses several by name, archives within, and documents of other programs. */
const only = (names: readonly string[]): string => {
  const files = names.filter((name) => !besides.test(name));
  const kind = documents.find(([, within]) => files.some((name) => within.test(name)))?.[0];
  if (kind) throw refuse("import_not_text", { kind });
  const [file, ...more] = files;
  if (file === undefined) throw refuse("import_empty");
  if (more.length > 0) throw refuse("import_archive_several", { count: files.length, files: shown(files) });
  if (packed.test(file)) throw refuse("import_archive_nested", { file: shown([file]) });
  return file;
};

const asBroken = (error: unknown): unknown =>
  error instanceof Refusal ? error : refuse("import_archive_broken", {}, { cause: error });

async function* entry(archive: Uint8Array, name: string): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let ended = false;
  const steps = unzipped(archive, (found) =>
    found === name
      ? (bytes, last) => {
          if (bytes.length > 0) parts.push(bytes);
          ended ||= last;
          return true;
        }
      : null,
  );
  try {
    for (const _ of steps) {
      await turn();
      yield* parts;
      parts = [];
    }
  } catch (error) {
    throw asBroken(error);
  }
  // Half a file would be taken for all of it.
  if (!ended) throw refuse("import_archive_broken");
}

async function* whole(archive: Uint8Array): AsyncGenerator<Uint8Array> {
  yield archive;
}

/** Bit 0 of the flags of the first file: it is locked with a password. */
const isLocked = (archive: Uint8Array): boolean => ((archive[6] ?? 0) & 1) === 1;

/** Tells a workbook, whose bytes are passed on as they are, from an archive of one file, which is unpacked. */
export const opened = async (
  content: AsyncIterable<Uint8Array>,
): Promise<{ workbook: boolean; bytes: AsyncIterable<Uint8Array> }> => {
  const archive = await held(content);
  if (isLocked(archive)) throw refuse("import_archive_locked");
  const names: string[] = [];
  try {
    for (const _ of unzipped(archive, (name) => {
      names.push(name);
      return null;
    }))
      await turn();
  } catch (error) {
    throw asBroken(error);
  }
  if (names.length === 0) throw refuse("import_archive_broken");
  if (isWorkbook(names)) return { workbook: true, bytes: whole(archive) };
  return { workbook: false, bytes: entry(archive, only(names)) };
};
