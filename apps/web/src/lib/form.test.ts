import { expect, mock, test } from "bun:test";
import { ApiError } from "./errors.ts";
import { createForm, issuesByField } from "./form.ts";

const initial = { creditsAmount: "", note: "" };

test("the server's issues land at the fields they name, and what was typed stays", async () => {
  const form = createForm({
    initial,
    submit: async () => {
      throw new ApiError("input_invalid", "Some of it cannot be used.", [
        { path: "creditsAmount", message: "Must be more than zero." },
      ]);
    },
  });
  form.set("creditsAmount", "0");
  expect(await form.submit()).toBe(false);
  expect(form.errors.creditsAmount).toBe("Must be more than zero.");
  expect(form.failure()).toBeNull();
  expect(form.values.creditsAmount).toBe("0");
});

test("an issue without a field here is still said", async () => {
  const form = createForm({
    initial,
    submit: async () => {
      throw new ApiError("input_invalid", "Some of it cannot be used.", [
        { path: "listingId", message: "Gone." },
      ]);
    },
  });
  await form.submit();
  expect(form.failure()?.message).toBe("Some of it cannot be used.");
});

test("a quick check keeps the form from being sent", async () => {
  const send = mock(async () => {});
  const form = createForm({
    initial,
    check: ({ note }) => ({ note: !note && "Write a note." }),
    submit: send,
  });
  expect(await form.submit()).toBe(false);
  expect(form.errors.note).toBe("Write a note.");
  expect(send).not.toHaveBeenCalled();
  form.set("note", "Hello");
  expect(form.errors.note).toBeUndefined();
  expect(await form.submit()).toBe(true);
});

test("two presses send once", async () => {
  let release = () => {};
  const send = mock(() => new Promise<void>((resolve) => (release = resolve)));
  const form = createForm({ initial, submit: send });
  const first = form.submit();
  expect(form.busy()).toBe(true);
  expect(await form.submit()).toBe(false);
  release();
  expect(await first).toBe(true);
  expect(send).toHaveBeenCalledTimes(1);
});

test("an issue under another name lands at its field; one that fits nowhere leaves the sentence to be shown", () => {
  const names = { amount: "creditsAmount" } as const;
  const [small, gone] = [
    { path: "amount", message: "Too small." },
    { path: "listingId", message: "Gone." },
  ];
  expect(issuesByField([small], initial, names)).toEqual({
    here: { creditsAmount: "Too small." },
    placed: true,
  });
  expect(issuesByField([small, gone], initial, names).placed).toBe(false);
});
