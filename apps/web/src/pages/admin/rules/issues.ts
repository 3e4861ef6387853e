import { ApiError, type FieldIssue } from "../../../lib/errors.ts";
import { listFields } from "./fields.ts";
import { unitOf } from "./units.ts";

/** "At most 86400." and its like, in either language. */
const bound = /^(\D+?)(\d+(?:\.\d+)?)\.$/;

type Words = {
  currency: string;
  shown: (field: string, held: number) => string;
  /** Names the row of a list and its field before what is wrong with it. */
  inRow: (row: number, field: string, message: string) => string;
};

/**
 * A server's issue as the form says it: bounds in the units that people type, and what is wrong in a row of a list at that
 * list, since the rows have no names of their own.
 */
export const issueForForm = ({ path, message }: FieldIssue, words: Words): FieldIssue => {
  const [, list = "", row, inner = ""] = /^value\.([^.]+)\.(\d+)\.(.+)$/.exec(path) ?? [];
  const field = row === undefined ? path.replace(/^value\./, "") : inner;
  const [, said, most] = bound.exec(message) ?? [];
  const fits = most !== undefined && unitOf(field, words.currency).kind !== "plain";
  const sentence = fits ? `${said}${words.shown(field, Number(most))}.` : message;
  return row !== undefined && listFields(list)
    ? { path: `value.${list}`, message: words.inRow(Number(row) + 1, field, sentence) }
    : { path, message: sentence };
};

/** The same of all that a refusal names; anything else that is thrown stays as it is. */
export const errorForForm = (thrown: unknown, words: Words): unknown =>
  thrown instanceof ApiError
    ? new ApiError(
        thrown.code,
        thrown.message,
        thrown.issues.map((issue) => issueForForm(issue, words)),
        thrown.requestId,
        { cause: thrown },
      )
    : thrown;
