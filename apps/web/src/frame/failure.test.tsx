import { expect, test } from "bun:test";
import { render } from "solid-js/web";
import { ApiError } from "../lib/errors.ts";
import { Failure } from "./failure.tsx";

test("a read that was refused for what it was asked says what is wrong with it, each thing once", async () => {
  const wrong = { path: "from", message: "Enter a time in the years 1900 to 2199." };
  const error = new ApiError("input_invalid", "Some of what you sent cannot be used.", [
    wrong,
    { ...wrong, path: "to" },
  ]);
  const place = document.body.appendChild(document.createElement("div"));
  const leave = render(() => <Failure error={error} />, place);
  await Bun.sleep(0);
  expect(place.textContent?.split(wrong.message)).toHaveLength(2);
  expect(place.textContent).toContain("Some of what you sent cannot be used.");
  leave();
});
