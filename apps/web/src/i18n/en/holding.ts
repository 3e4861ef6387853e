export default {
  title: "Daily book",
  note: "Each day the registry seals everyone's balance into one figure that no one can change later. Your browser checks that yours is in it; nobody else learns how much you hold.",
  in: "Your {{ amount }} are in the book of {{ date }}",
  nothing: "You held no credits when the book of {{ date }} was closed.",
  logged: "Checked here. Closed {{ time }}, entry #{{ index }} of the public log.",
  notLogged: "Checked here. Closed {{ time }}; it enters the public log within seconds.",
  bad: "Your balance is not in the book as it should be",
  unreachable: "The book can't be read right now. Try again in a moment.",
  save: "Save the proof",
} as const;
