import { createContext, type JSX, useContext } from "solid-js";

/** The few words that components say by themselves, in the reader's language. */
export type UiText = {
  close: string;
  copy: string;
  copied: string;
  loading: string;
  loadMore: string;
  required: string;
  optional: string;
  ended: string;
  /** Units of a countdown, one letter or short word each: days, hours, minutes, seconds. */
  countdownUnits: readonly [string, string, string, string];
  chartHint: string;
  /** Said under prices whose axis does not begin at zero, with the value it begins at. */
  axisFrom: (value: string) => string;
  showPassword: string;
  hidePassword: string;
  chooseFile: string;
  dropFile: string;
  notifications: string;
  /** Opens what support asks for. */
  details: string;
  /** Stands before a request's id. */
  reference: string;
};

export type UiSettings = {
  /** BCP 47 tag that numbers are read and written in. */
  locale: () => string;
  text: () => UiText;
  /** Milliseconds since 1970 by the server's clock. */
  now: () => number;
};

export const englishUiText: UiText = {
  close: "Close",
  copy: "Copy",
  copied: "Copied",
  loading: "Loading",
  loadMore: "Show more",
  required: "required",
  optional: "optional",
  ended: "Ended",
  countdownUnits: ["d", "h", "m", "s"],
  chartHint: "Use the arrow keys to read the values.",
  axisFrom: (value) => `The axis starts at ${value}.`,
  showPassword: "Show password",
  hidePassword: "Hide password",
  chooseFile: "Choose a file",
  dropFile: "or drop it here",
  notifications: "Messages",
  details: "Details",
  reference: "Reference for support:",
};

const Settings = createContext<UiSettings>({
  locale: () => "en",
  text: () => englishUiText,
  now: () => performance.timeOrigin + performance.now(),
});

export const useUi = (): UiSettings => useContext(Settings);

/** Gives components the reader's language and the server's clock. */
export const UiProvider = (props: { settings: UiSettings; children: JSX.Element }) => (
  <Settings.Provider value={props.settings}>{props.children}</Settings.Provider>
);
