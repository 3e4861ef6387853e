/** Nobody listens to this room: it ends chains of events. */
export {};
