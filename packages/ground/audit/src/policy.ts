/** How much an act asks of whoever watches over the venue. */
export const levels = ["notice", "security", "alarm"] as const;

export type Level = (typeof levels)[number];

/** What may be an attack, or a fault of the venue itself. */
export const alarms: readonly string[] = [
  "user.sign_in_failed",
  "session.refresh_reused",
  "request.recompute_failed",
  "self_dealing.clear",
];

/** How the names of acts begin that open or close a door, or look at what is kept behind one. */
export const doors: readonly string[] = [
  "user.",
  "session.",
  "two_factor.",
  "api_key.",
  "push_token.",
  "kyc.",
  "bank_account.",
  "auditor.",
];

export const levelOf = (action: string): Level => {
  if (alarms.includes(action)) return "alarm";
  return doors.some((door) => action.startsWith(door)) ? "security" : "notice";
};
