// Which screen may be shown in the state that the phone is in.

/** Pure: which screen may be shown: without a key only enrolment, behind the PIN nothing but today's round in short. */
export function gate(name, status) {
  const open = ["training", "look"];
  if (open.includes(name)) return name;
  if (status.lost && name !== "enrol") return "restore";
  if (!status.enrolled) return "enrol";
  if (status.locked && !["enrol", "recover"].includes(name)) return "unlock";
  return name;
}
