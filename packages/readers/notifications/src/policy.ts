import type { Topic } from "./schema.ts";
import { type TemplateName, topicOf } from "./templates.ts";

/** Whether a happening is also mailed: always when it has no topic (security, lost money), else as the person chose. */
export const isMailed = (template: TemplateName, unwanted: ReadonlySet<Topic>): boolean => {
  const topic = topicOf(template);
  return topic === null || !unwanted.has(topic);
};
