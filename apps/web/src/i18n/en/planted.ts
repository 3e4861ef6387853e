export default {
  title: "A planted page",
  lead: "Say here in a sentence what the page is for.",
} as const;
