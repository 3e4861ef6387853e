import type { Topic } from "../schema.ts";

/** One event in words: a subject and a message in both languages, where it leads, and what it is about. */
export type Template = {
  readonly topic: Topic | null;
  readonly link: string;
  readonly en: readonly [subject: string, message: string];
  readonly vi: readonly [subject: string, message: string];
};
