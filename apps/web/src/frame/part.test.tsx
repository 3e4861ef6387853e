import { expect, spyOn, test } from "bun:test";
import { Glob } from "bun";
import { createSignal, Show } from "solid-js";
import { render } from "solid-js/web";
import { areas } from "../i18n/areas.ts";
import { useText } from "../i18n/index.ts";
import { connectionLost } from "../lib/connection.ts";
import { part } from "./part.tsx";

const until = async (holds: () => boolean) => {
  while (!holds()) await Bun.sleep(10);
};

const source = new URL("../", import.meta.url).pathname;

test("while a part comes, the page stands as it was and takes presses", async () => {
  let arrive = (_: { default: (props: { name: string }) => Element }) => {};
  const Part = part<{ name: string }>(
    () =>
      new Promise((resolve) => {
        arrive = resolve as typeof arrive;
      }),
    "room",
  );
  const place = document.body.appendChild(document.createElement("div"));
  const [open, setOpen] = createSignal(false);
  const [typed, setTyped] = createSignal("");
  const leave = render(
    () => (
      <>
        <input value={typed()} onInput={(event) => setTyped(event.currentTarget.value)} />
        <Show when={open()}>
          <Part name="map" />
        </Show>
      </>
    ),
    place,
  );
  const field = place.querySelector("input");
  setOpen(true);
  expect(place.querySelector("input")).toBe(field);
  expect(place.querySelector(".room")).not.toBeNull();
  if (field) field.value = "0.25";
  field?.dispatchEvent(new Event("input", { bubbles: true }));
  expect(typed()).toBe("0.25");
  arrive({
    default: (props) => {
      const shown = document.createElement("p");
      shown.textContent = props.name;
      return shown;
    },
  });
  await Bun.sleep(0);
  await Bun.sleep(0);
  expect(place.querySelector("p")?.textContent).toBe("map");
  expect(place.querySelector("input")).toBe(field);
  expect(place.querySelector(".room")).toBeNull();
  leave();
  place.remove();
});

test("a part shows once its words are here, never with an empty link", async () => {
  const words = areas.disputes.en;
  const late = spyOn(areas.disputes, "en").mockImplementation(() => Bun.sleep(20).then(words));
  const Part = part(async () => ({
    default: () => {
      const t = useText("disputes");
      return <a href="/disputes">{t("title")}</a>;
    },
  }));
  const place = document.body.appendChild(document.createElement("div"));
  const leave = render(() => <Part />, place);
  const shown: string[] = [];
  for (let turn = 0; turn < 2_000 && !shown.at(-1); turn++) {
    await Bun.sleep(1);
    const link = place.querySelector("a");
    if (link) shown.push(link.textContent);
  }
  expect(late).toHaveBeenCalled();
  expect(shown).toEqual(["Disputes"]);
  late.mockRestore();
  leave();
  place.remove();
});

test("pages fetch their parts through `part` alone", async () => {
  const bare: string[] = [];
  for await (const file of new Glob("pages/**/*.tsx").scan({ cwd: source }))
    if (/\blazy\(/.test(await Bun.file(source + file).text())) bare.push(file);
  expect(bare).toEqual([]);
});

test("what did not get through while the server was out of reach comes when it answers again", async () => {
  let here = false;
  let asked = 0;
  const health = spyOn(globalThis, "fetch").mockImplementation((async () => {
    if (!here) throw new TypeError("Failed to fetch");
    return new Response();
  }) as unknown as typeof fetch);
  const Part = part(async () => {
    asked++;
    if (!here) throw new TypeError("Failed to fetch dynamically imported module");
    return { default: () => <p>the form</p> };
  });
  const place = document.body.appendChild(document.createElement("div"));
  const leave = render(() => <Part />, place);
  await until(() => connectionLost());
  expect(place.textContent).toBe("");
  here = true;
  await until(() => place.textContent === "the form");
  expect(asked).toBe(2);
  expect(connectionLost()).toBe(false);
  leave();
  health.mockRestore();
});
