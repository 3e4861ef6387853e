/** What the room takes and answers; the browser reads it too. */
export {};
