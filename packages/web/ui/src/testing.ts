/**
 * Preload for tests of Solid components under bun (bunfig.toml, `[test] preload`): compiles JSX with Solid's own
 * compiler, and gives the process a document. Run with `--conditions=browser`, or Solid's server build is loaded.
 */
import { transformAsync } from "@babel/core";
import typescript from "@babel/preset-typescript";
import solid from "babel-preset-solid";
import { plugin } from "bun";
import { Window } from "happy-dom";

plugin({
  name: "solid",
  setup(build) {
    build.onLoad({ filter: /\.[jt]sx$/ }, async ({ path }) => {
      const result = await transformAsync(await Bun.file(path).text(), {
        filename: path,
        babelrc: false,
        configFile: false,
        presets: [
          [solid, {}],
          [typescript, {}],
        ],
      });
      return { contents: result?.code ?? "", loader: "js" };
    });
  },
});

const window = new Window({ url: "http://localhost/", width: 1280, height: 800 });

// Components wait for a closing animation to end; here there is none, so they must not be told of one.
const styleOf = window.getComputedStyle.bind(window);
window.getComputedStyle = (element) =>
  new Proxy(styleOf(element), {
    get: (style, name) => (name === "animationName" ? "none" : Reflect.get(style, name, style)),
  });

// Bun's own fetch, streams, timers and the like stay; the document and all that belongs to it comes from happy-dom.
const target: Record<string, unknown> = globalThis as never;
const source: Record<string, unknown> = window as never;
const own = new Set([
  "fetch",
  "Request",
  "Response",
  "Headers",
  "AbortController",
  "AbortSignal",
  "performance",
  "crypto",
]);
for (const name of [
  ...Object.getOwnPropertyNames(window),
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
]) {
  if (own.has(name) || /^(set|clear)(Timeout|Interval|Immediate)$/.test(name) || name === "queueMicrotask")
    continue;
  const takesOver = /^(Event|CustomEvent|EventTarget|MouseEvent|KeyboardEvent|File|Blob|FormData)$/.test(
    name,
  );
  if (name in target && !takesOver && !/^(add|remove|dispatch)Event/.test(name)) continue;
  const value = source[name];
  const bind = typeof value === "function" && !/^[A-Z]/.test(name);
  target[name] = bind ? (value as (...given: unknown[]) => unknown).bind(window) : value;
}
target.window = globalThis;
target.document = window.document;
target.navigator = window.navigator;
