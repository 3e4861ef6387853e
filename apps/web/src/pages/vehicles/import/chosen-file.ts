import { createSignal } from "solid-js";
import { useSentence } from "../../../frame/failure.tsx";
import { useText } from "../../../i18n/index.ts";
import { apiError } from "../../../lib/errors.ts";
import { useFormat } from "../../../lib/format.ts";
import { type UploadProgress, upload } from "../../../lib/upload.ts";
import { beginningOf } from "./choices.ts";
import type { Undated } from "./log-day.tsx";

export const useMegabytes = () => {
  const f = useFormat();
  return (bytes: number) =>
    `${f.number(bytes / 1024 / 1024, { maximumFractionDigits: bytes < 10_000_000 ? 1 : 0 })}\u00a0MB`;
};

/** The address of a file's upload or preview with its choices; an empty one is left out. */
export const addressOf = (path: string, choices: object, name: string): string => {
  const query = new URLSearchParams({ name });
  for (const [key, value] of Object.entries(choices)) {
    if (value !== undefined && value !== "")
      query.set(key, typeof value === "string" ? value : JSON.stringify(value));
  }
  return `${path}?${query}`;
};

type Place = {
  /** Where files go; `/preview` behind it shows how they would be read. */
  path: () => string;
  /** More bytes the server does not take; better said before they are sent than after. */
  largest: number;
  onFailure: (sentence: string | undefined) => void;
  /** Whether the page asks for the day of a log that names none; otherwise it is a failure like others. */
  asksDay?: true;
};

const undatedBy: Readonly<Record<string, Undated>> = {
  import_log_without_day: "day",
  import_log_without_hour: "hour",
};

/** The file that was chosen, and what its beginning shows under the reader's choices. */
export const useChosenFile = <Seen, Choices extends object>({ path, largest, onFailure, asksDay }: Place) => {
  const t = useText("vehicles");
  const f = useFormat();
  const sentence = useSentence();
  const megabytes = useMegabytes();
  const none = {} as Choices;
  const [file, setFile] = createSignal<File>();
  const [choices, setChoices] = createSignal<Choices>(none);
  const [preview, setPreview] = createSignal<Seen>();
  const [looking, setLooking] = createSignal(false);
  const [partial, setPartial] = createSignal(false);
  const [vehicles, setVehicles] = createSignal<readonly string[]>([]);
  const [undated, setUndated] = createSignal<Undated>();

  const look = async (chosen: File, decided: Choices) => {
    setLooking(true);
    onFailure(undefined);
    try {
      const beginning = await beginningOf(chosen);
      const found = await upload<Seen>(addressOf(`${path()}/preview`, decided, chosen.name), beginning);
      if (chosen === file()) setPreview(() => found);
      setPartial(beginning.size < chosen.size);
      setVehicles([]);
      setUndated(undefined);
    } catch (error) {
      const asked = apiError(error);
      if (asked.code === "import_several_vehicles") return setVehicles(asked.vehicles);
      const open = asksDay ? undatedBy[asked.code] : undefined;
      if (open) return setUndated(open);
      onFailure(sentence(error));
      if (preview() === undefined) setFile(undefined);
    } finally {
      setLooking(false);
    }
  };

  const forget = () => {
    setFile(undefined);
    setPreview(undefined);
    setVehicles([]);
    setUndated(undefined);
    onFailure(undefined);
  };

  const choose = (chosen: File) => {
    forget();
    setChoices(() => none);
    if (chosen.size > largest) {
      const sizes = { size: megabytes(chosen.size), limit: f.number(largest / 1024 / 1024) };
      return onFailure(t("import.tooLarge", sizes));
    }
    setFile(chosen);
    void look(chosen, none);
  };

  const change = (more: Partial<Choices>) => {
    const next = { ...choices(), ...more };
    setChoices(() => next);
    const chosen = file();
    if (chosen) void look(chosen, next);
  };

  return { file, choices, preview, looking, partial, vehicles, undated, choose, change, forget };
};

/** A file's way to the server, which may be stopped. */
export const useSending = <Started>(onFailure: (error: unknown) => void) => {
  const [sending, setSending] = createSignal<UploadProgress>();
  let abort: AbortController | undefined;

  /** Answers what was started; nothing where it was stopped or refused. */
  const send = async (address: string, file: File): Promise<Started | undefined> => {
    abort = new AbortController();
    setSending({ sent: 0, total: file.size });
    try {
      return await upload<Started>(address, file, { onProgress: setSending, signal: abort.signal });
    } catch (error) {
      if (!abort.signal.aborted) onFailure(error);
      return undefined;
    } finally {
      setSending(undefined);
    }
  };

  return { sending, send, stop: () => abort?.abort() };
};
