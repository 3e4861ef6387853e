import { expect, test } from "bun:test";
import { backOf, faceOf } from "./face.ts";

const open = {
  status: "pending",
  disputed: false,
  captured: false,
  awaited: false,
  failure: null,
  payable: true,
} as const;

test("VNPay's return says in its code whether the buyer left, was refused or paid", () => {
  expect(backOf({ back: "paid", vnp_ResponseCode: "24" })).toBe("cancelled");
  expect(backOf({ back: "paid", vnp_ResponseCode: "51" })).toBe("declined");
  expect(backOf({ back: "paid", vnp_ResponseCode: "00" })).toBe("paid");
  expect(backOf({ back: "paid" })).toBe("paid");
  expect(backOf({ back: "anything" })).toBe("");
});

test("an address never makes the page say that money came: only the payment does", () => {
  expect(faceOf(open, "paid", false)).toBe("waiting");
  expect(faceOf(open, "paid", true)).toBe("slow");
  expect(faceOf(open, "cancelled", false)).toBe("cancelled");
  expect(faceOf({ ...open, captured: true }, "cancelled", false)).toBe("handing");
});

test("money that waits at the gateway is said to wait, not to be too late", () => {
  const awaited = { ...open, awaited: true, payable: false };
  expect(faceOf(awaited, "paid", false)).toBe("awaited");
  expect(faceOf({ ...awaited, awaited: false }, "paid", false)).toBe("over");
});

test("a refusal by the gateway's page is shown as one, and another way is offered", () => {
  expect(faceOf(open, "declined", false)).toBe("declined");
  expect(faceOf({ ...open, status: "failed" }, "", false)).toBe("declined");
});
