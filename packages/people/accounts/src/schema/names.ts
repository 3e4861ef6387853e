import * as v from "valibot";

/** The four roles; `admin` is given by another admin only. */
export const roleName = v.picklist(["ev_owner", "buyer", "cva", "admin"]);

/** The roles that a person may choose when signing up. */
export const openRole = v.picklist(
  ["ev_owner", "buyer", "cva"],
  "Choose one of ev_owner, buyer or cva. Administrators are made by administrators.",
);

export const kycStatus = v.picklist(["none", "submitted", "verified", "rejected"]);

export const localeName = v.picklist(["en", "vi"]);
