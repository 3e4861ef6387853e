export default {
  "command.title": "Check us from outside",
  "command.lead":
    "One command reads the whole public log, counts every gram again and compares it with what we show. It needs Node 20 and no account.",
  "command.keep":
    "Save the checker. We could change the one we serve tomorrow; we cannot change the copy on your disk.",
  "keys.title": "Public keys",
  "keys.lead": "The keys certificates are signed with. A key you saved earlier vouches for every later one.",
  "keys.inUse": "In use",
  "keys.withdrawn": "Withdrawn",
  "keys.public": "Public key (Ed25519)",
  "keys.since": "Since",
  "keys.until": "Withdrawn on",
  "keys.vouched": "Vouched for by",
  "keys.first": "No one: it was the first key",
  "keys.spec": "Every format is written down, with test vectors and a checker in Python:",
  "keys.specLink": "the specification",
  "keys.keep": "Save a copy of the registry's identity. The copy you saved earlier is the one that counts:",
  "snapshots.title": "Daily snapshots",
  "snapshots.lead": "Every row of the registry shortly after the end of each day, one line per row.",
  "snapshots.check": "To check one yourself, its signature and every row against the public log:",
  "snapshots.none": "The first one appears after today.",
  "snapshots.statements": "Signed statements of their hashes (JSON)",
} as const;
